DROP INDEX "file_checks_due";--> statement-breakpoint
ALTER TABLE "file_checks" ADD COLUMN "is_imported" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "file_checks_due" ON "file_checks" USING btree ("is_imported","due_at");