ALTER TABLE "chat_members" ADD COLUMN "left_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "workspace_members" ADD COLUMN "left_at" timestamp (3) with time zone;
--> statement-breakpoint
create or replace function member_left() returns trigger language plpgsql as $$
begin
  new.left_at := clock_timestamp();
  return new;
end $$;
--> statement-breakpoint
create trigger member_left before insert or update on chat_members for each row
  when (new.left_seq is not null and new.left_at is null) execute function member_left();
--> statement-breakpoint
create trigger member_left before insert or update on workspace_members for each row
  when (new.left_seq is not null and new.left_at is null) execute function member_left();
--> statement-breakpoint
-- Those that ended before, by the event that ended them. What the log has forgotten nobody can resume from any more: the
-- earliest time will do, and shows nobody's audit log to anyone who could not read it.
update chat_members m set left_at = coalesce(e.at, m.joined_at)
from chat_members o left join (
  select chat_id, chat_seq, max(created_at) as at from event_log where takes_away and chat_seq is not null group by 1, 2) e
  on e.chat_id = o.chat_id and e.chat_seq = o.left_seq
where o.left_seq is not null and (m.user_id, m.chat_id, m.joined_seq) = (o.user_id, o.chat_id, o.joined_seq);
--> statement-breakpoint
-- Those that ended before, by the event that ended them. What the log has forgotten nobody can resume from any more: the
-- earliest time will do, and shows nobody's audit log to anyone who could not read it.
update workspace_members m set left_at = coalesce(e.at, m.joined_at)
from workspace_members o left join (
  select workspace_id, workspace_seq, max(created_at) as at from event_log where takes_away and workspace_seq is not null group by 1, 2) e
  on e.workspace_id = o.workspace_id and e.workspace_seq = o.left_seq
where o.left_seq is not null and (m.user_id, m.workspace_id, m.joined_seq) = (o.user_id, o.workspace_id, o.joined_seq);
--> statement-breakpoint
CREATE INDEX "chat_members_own" ON "chat_members" USING btree ("user_id","chat_id") WHERE "chat_members"."left_seq" is null;
--> statement-breakpoint
CREATE INDEX "chat_members_left" ON "chat_members" USING btree ("user_id","left_at") WHERE "chat_members"."left_seq" is not null;
--> statement-breakpoint
CREATE INDEX "workspace_members_own" ON "workspace_members" USING btree ("user_id","workspace_id") WHERE "workspace_members"."left_seq" is null;
--> statement-breakpoint
CREATE INDEX "workspace_members_left" ON "workspace_members" USING btree ("user_id","left_at") WHERE "workspace_members"."left_seq" is not null;
--> statement-breakpoint
CREATE INDEX "workspace_members_workspace" ON "workspace_members" USING btree ("workspace_id","user_id");
--> statement-breakpoint
ALTER TABLE "chat_members" ADD CONSTRAINT "chat_members_left_at" CHECK (("chat_members"."left_seq" is null) = ("chat_members"."left_at" is null));
--> statement-breakpoint
ALTER TABLE "workspace_members" ADD CONSTRAINT "workspace_members_left_at" CHECK (("workspace_members"."left_seq" is null) = ("workspace_members"."left_at" is null));
