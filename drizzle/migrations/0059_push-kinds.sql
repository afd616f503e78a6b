CREATE TABLE "push_kinds" (
	"kind" text PRIMARY KEY NOT NULL,
	"public_key" text,
	"published_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "push_shown" (
	"subscription_id" uuid NOT NULL,
	"chat_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"shown_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "push_shown_subscription_id_chat_id_pk" PRIMARY KEY("subscription_id","chat_id")
);
--> statement-breakpoint
ALTER TABLE "push_pending" DROP CONSTRAINT "push_pending_chat";--> statement-breakpoint
ALTER TABLE "push_pending" ADD COLUMN "is_clearing" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "push_shown_at" ON "push_shown" USING btree ("shown_at");--> statement-breakpoint
ALTER TABLE "push_pending" ADD CONSTRAINT "push_pending_chat" UNIQUE NULLS NOT DISTINCT("subscription_id","chat_id","is_clearing");