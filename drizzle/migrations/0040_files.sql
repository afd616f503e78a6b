CREATE TYPE "public"."file_state" AS ENUM('Uploading', 'Scanning', 'Ready', 'Infected', 'Gone');--> statement-breakpoint
CREATE TABLE "file_objects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"file_id" uuid NOT NULL,
	"part" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"stored_at" timestamp (3) with time zone,
	"doomed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "file_usage" (
	"workspace_id" uuid PRIMARY KEY NOT NULL,
	"bytes" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"chat_id" uuid NOT NULL,
	"uploader_id" uuid NOT NULL,
	"state" "file_state" DEFAULT 'Uploading' NOT NULL,
	"size_bytes" bigint NOT NULL,
	"mime" text NOT NULL,
	"is_as_file" boolean DEFAULT false NOT NULL,
	"width" integer,
	"height" integer,
	"has_thumbnail" boolean DEFAULT false NOT NULL,
	"sealed_name" "bytea",
	"wrapped_key" "bytea",
	"message_id" uuid,
	"place" smallint,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "file_objects_part" ON "file_objects" USING btree ("file_id","part") WHERE "file_objects"."stored_at" is not null and "file_objects"."doomed_at" is null;--> statement-breakpoint
CREATE INDEX "file_objects_file" ON "file_objects" USING btree ("file_id");--> statement-breakpoint
CREATE INDEX "file_objects_doomed" ON "file_objects" USING btree ("doomed_at") WHERE "file_objects"."doomed_at" is not null;--> statement-breakpoint
CREATE INDEX "file_objects_unfinished" ON "file_objects" USING btree ("created_at") WHERE "file_objects"."stored_at" is null and "file_objects"."doomed_at" is null;--> statement-breakpoint
CREATE INDEX "files_message" ON "files" USING btree ("message_id","place") WHERE "files"."message_id" is not null;--> statement-breakpoint
CREATE INDEX "files_chat" ON "files" USING btree ("chat_id","id") WHERE "files"."message_id" is not null;--> statement-breakpoint
CREATE INDEX "files_unsent" ON "files" USING btree ("expires_at") WHERE "files"."message_id" is null;--> statement-breakpoint
CREATE INDEX "files_uploader" ON "files" USING btree ("uploader_id") WHERE "files"."message_id" is null;--> statement-breakpoint
CREATE INDEX "files_gone" ON "files" USING btree ("id") WHERE "files"."state" = 'Gone';
--> statement-breakpoint
create or replace function message_files_end() returns trigger language plpgsql as $$
begin
  update files set state = 'Gone', wrapped_key = null, sealed_name = null where message_id = new.id and state <> 'Gone';
  return new;
end $$;
--> statement-breakpoint
create trigger message_files_end before update on messages for each row
  when (new.body is null and old.parts ? 'files') execute function message_files_end();
