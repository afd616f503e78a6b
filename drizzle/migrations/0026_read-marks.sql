ALTER TABLE "chat_members" ADD COLUMN "mark_version" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "chat_members" ADD COLUMN "mark_seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "chat_members" ADD COLUMN "highest_read_number" bigint DEFAULT 0 NOT NULL;