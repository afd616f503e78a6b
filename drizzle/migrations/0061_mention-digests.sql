CREATE TABLE "mention_digests" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"since_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "mention_digests" ADD CONSTRAINT "mention_digests_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mention_digests_due" ON "mention_digests" USING btree ("due_at");