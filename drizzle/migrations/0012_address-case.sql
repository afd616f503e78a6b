DROP INDEX "users_email";--> statement-breakpoint
DROP INDEX "workspace_invites_email";--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree (lower("email" collate "C"));--> statement-breakpoint
CREATE INDEX "workspace_invites_email" ON "workspace_invites" USING btree (lower("email" collate "C")) WHERE "workspace_invites"."email" is not null;