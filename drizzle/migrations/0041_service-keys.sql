CREATE TABLE "external_chats" (
	"issuer" text NOT NULL,
	"external_id" text NOT NULL,
	"chat_id" uuid NOT NULL,
	CONSTRAINT "external_chats_issuer_external_id_pk" PRIMARY KEY("issuer","external_id")
);
--> statement-breakpoint
CREATE TABLE "external_workspaces" (
	"issuer" text NOT NULL,
	"external_id" text NOT NULL,
	"workspace_id" uuid NOT NULL,
	CONSTRAINT "external_workspaces_issuer_external_id_pk" PRIMARY KEY("issuer","external_id")
);
--> statement-breakpoint
CREATE TABLE "service_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"issuer" text NOT NULL,
	"scopes" text[] NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "service_keys_token" UNIQUE("token_hash")
);
--> statement-breakpoint
ALTER TABLE "external_chats" ADD CONSTRAINT "external_chats_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "external_workspaces" ADD CONSTRAINT "external_workspaces_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "external_chats_chat" ON "external_chats" USING btree ("chat_id");--> statement-breakpoint
CREATE INDEX "external_workspaces_workspace" ON "external_workspaces" USING btree ("workspace_id");