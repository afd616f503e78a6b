ALTER TYPE "public"."role" ADD VALUE 'Guest' BEFORE 'Member';--> statement-breakpoint
ALTER TABLE "workspace_members" ADD COLUMN "guest_seq" bigint;--> statement-breakpoint
CREATE INDEX "workspace_members_guests" ON "workspace_members" USING btree ("workspace_id","user_id") WHERE "workspace_members"."left_seq" is null and "workspace_members"."role" < 'Member';