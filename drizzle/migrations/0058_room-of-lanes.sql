ALTER TABLE "webhook_lanes" ADD COLUMN "room" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "webhook_lanes" ADD COLUMN "full_at" timestamp (3) with time zone;