CREATE TABLE "file_checks" (
	"file_id" uuid PRIMARY KEY NOT NULL,
	"due_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"lease" uuid,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "thumbnail_bytes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "file_checks_due" ON "file_checks" USING btree ("due_at");