CREATE TABLE "audit_log" (
	"scope_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"action" text NOT NULL,
	"actor_id" uuid,
	"user_id" uuid,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"address" text,
	"request_id" text,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "audit_log_scope_id_id_pk" PRIMARY KEY("scope_id","id")
);
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "purged_seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "erased_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "wiped_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "retention_days" integer;--> statement-breakpoint
CREATE INDEX "audit_log_created_at" ON "audit_log" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "audit_log_address" ON "audit_log" USING btree (coalesce("actor_id", "user_id")) WHERE "audit_log"."address" is not null;--> statement-breakpoint
CREATE INDEX "users_unwiped" ON "users" USING btree ("id") WHERE "users"."erased_at" is not null and "users"."wiped_at" is null;--> statement-breakpoint
CREATE INDEX "workspace_invites_email" ON "workspace_invites" USING btree (lower("email")) WHERE "workspace_invites"."email" is not null;