DROP INDEX "bots_workspace";--> statement-breakpoint
CREATE INDEX "bots_live" ON "bots" USING btree ("workspace_id","user_id") WHERE "bots"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "bots_created" ON "bots" USING btree ("workspace_id","created_at");--> statement-breakpoint
CREATE INDEX "bots_deleted" ON "bots" USING btree ("deleted_at") WHERE "bots"."deleted_at" is not null;