DROP INDEX "workspace_members_guests";--> statement-breakpoint
ALTER TABLE "chat_heads" ADD COLUMN "has_guests" boolean DEFAULT false NOT NULL;