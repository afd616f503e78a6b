CREATE TABLE "import_members" (
	"user_id" uuid NOT NULL,
	"chat_id" uuid NOT NULL,
	"role" "role",
	"joined_at" timestamp (3) with time zone,
	CONSTRAINT "import_members_user_id_chat_id_pk" PRIMARY KEY("user_id","chat_id")
);
--> statement-breakpoint
CREATE TABLE "placeholders" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"email" text NOT NULL,
	"claimed_by" uuid,
	"claimed_at" timestamp (3) with time zone,
	"confirmed_at" timestamp (3) with time zone,
	"joined_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "account_id" uuid;--> statement-breakpoint
ALTER TABLE "placeholders" ADD CONSTRAINT "placeholders_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "placeholders" ADD CONSTRAINT "placeholders_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "placeholders" ADD CONSTRAINT "placeholders_claimed_by_users_id_fk" FOREIGN KEY ("claimed_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "import_members_chat" ON "import_members" USING btree ("chat_id");--> statement-breakpoint
CREATE INDEX "placeholders_email" ON "placeholders" USING btree (lower("email" collate "C"),"workspace_id");--> statement-breakpoint
CREATE INDEX "placeholders_open" ON "placeholders" USING btree ("workspace_id","user_id") WHERE "placeholders"."claimed_by" is not null and "placeholders"."confirmed_at" is null;--> statement-breakpoint
CREATE INDEX "placeholders_claimed_by" ON "placeholders" USING btree ("claimed_by") WHERE "placeholders"."claimed_by" is not null;--> statement-breakpoint
CREATE INDEX "placeholders_unjoined" ON "placeholders" USING btree ("user_id") WHERE "placeholders"."confirmed_at" is not null and "placeholders"."joined_at" is null;--> statement-breakpoint
CREATE INDEX "users_account" ON "users" USING btree ("account_id") WHERE "users"."account_id" is not null;