CREATE TABLE "emoji" (
	"workspace_id" uuid NOT NULL,
	"name" text NOT NULL,
	"file_id" uuid NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "emoji_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
ALTER TABLE "files" ALTER COLUMN "chat_id" DROP NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "emoji_file" ON "emoji" USING btree ("file_id");--> statement-breakpoint
CREATE INDEX "emoji_creator" ON "emoji" USING btree ("created_by");