CREATE TYPE "public"."posting" AS ENUM('All', 'Admins', 'Nobody');--> statement-breakpoint
CREATE TYPE "public"."who_posts" AS ENUM('All', 'Admins');--> statement-breakpoint
ALTER TABLE "chat_heads" ADD COLUMN "posting" "posting" DEFAULT 'All' NOT NULL;--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "topic" text;--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "who_posts" "who_posts" DEFAULT 'All' NOT NULL;--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "archived_at" timestamp (3) with time zone;