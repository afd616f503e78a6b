CREATE TABLE "thread_follows" (
	"user_id" uuid NOT NULL,
	"chat_id" uuid NOT NULL,
	"root_id" uuid NOT NULL,
	"workspace_id" uuid NOT NULL,
	"is_following" boolean NOT NULL,
	"last_read_number" bigint NOT NULL,
	"mark_version" bigint NOT NULL,
	"mark_seq" bigint NOT NULL,
	CONSTRAINT "thread_follows_user_id_chat_id_root_id_pk" PRIMARY KEY("user_id","chat_id","root_id")
);
--> statement-breakpoint
CREATE TABLE "threads" (
	"root_id" uuid PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	"reply_count" integer NOT NULL,
	"last_number" bigint NOT NULL,
	"last_reply_at" timestamp (3) with time zone NOT NULL,
	"participant_ids" uuid[] NOT NULL
);
--> statement-breakpoint
DROP INDEX "messages_created_at";--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "thread_id" uuid;--> statement-breakpoint
CREATE INDEX "thread_follows_own" ON "thread_follows" USING btree ("user_id","workspace_id") WHERE "thread_follows"."is_following";--> statement-breakpoint
CREATE INDEX "messages_main" ON "messages" USING btree ("chat_id","seq") WHERE "messages"."thread_id" is null;--> statement-breakpoint
CREATE INDEX "messages_replies" ON "messages" USING btree ("thread_id","seq") WHERE "messages"."thread_id" is not null;
--> statement-breakpoint
ALTER TABLE "threads" SET (fillfactor = 50);
--> statement-breakpoint
create or replace function message_reply_end() returns trigger language plpgsql as $$
begin
  update threads t set reply_count = t.reply_count - 1, version = greatest(t.version, new.version) where t.root_id = new.thread_id;
  return new;
end $$;
--> statement-breakpoint
create trigger message_reply_end before update on messages for each row
  when (new.deleted_at is not null and old.deleted_at is null and new.thread_id is not null) execute function message_reply_end();
--> statement-breakpoint
create or replace function chat_member_left() returns trigger language plpgsql as $$
begin
  delete from thread_follows f where f.user_id = new.user_id and f.chat_id = new.chat_id;
  return new;
end $$;
--> statement-breakpoint
create trigger chat_member_left before update on chat_members for each row
  when (new.left_seq is not null and old.left_seq is null) execute function chat_member_left();
