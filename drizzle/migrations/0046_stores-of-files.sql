CREATE TYPE "public"."file_store" AS ENUM('Folder', 'S3');--> statement-breakpoint
ALTER TABLE "file_objects" ADD COLUMN "store" "file_store" DEFAULT 'Folder' NOT NULL;--> statement-breakpoint
ALTER TABLE "file_objects" ADD COLUMN "other_store" "file_store";--> statement-breakpoint
CREATE INDEX "file_objects_store" ON "file_objects" USING btree ("store","id");--> statement-breakpoint
CREATE INDEX "file_objects_moving" ON "file_objects" USING btree ("id") WHERE "file_objects"."other_store" is not null;