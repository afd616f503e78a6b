CREATE TABLE "mentions" (
	"chat_id" uuid NOT NULL,
	"thread_id" uuid,
	"number" bigint NOT NULL,
	"message_id" uuid NOT NULL,
	"user_id" uuid,
	"sender_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE INDEX "mentions_of" ON "mentions" USING btree ("user_id","chat_id","thread_id","number");--> statement-breakpoint
CREATE INDEX "mentions_message" ON "mentions" USING btree ("message_id");