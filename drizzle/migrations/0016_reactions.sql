CREATE TABLE "reaction_counters" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"minute" bigint NOT NULL,
	"changed" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reactions" (
	"user_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"emoji" text NOT NULL,
	"seq" bigint NOT NULL,
	CONSTRAINT "reactions_user_id_message_id_emoji_pk" PRIMARY KEY("user_id","message_id","emoji")
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "parts" jsonb;--> statement-breakpoint
CREATE INDEX "reactions_message" ON "reactions" USING btree ("message_id","emoji","seq");--> statement-breakpoint
-- That of unreleased builds, with fewer arguments: beside the new one a call would be ambiguous.
drop function if exists send_batch(uuid[], uuid[], uuid[], uuid[], bytea[], bytea[], jsonb[], text, int);
--> statement-breakpoint
create or replace function message_parts_end() returns trigger language plpgsql as $$
begin
  delete from reactions where message_id = new.id;
  new.parts := null;
  return new;
end $$;
--> statement-breakpoint
create trigger message_parts_end before update on messages for each row
  when (new.body is null and new.parts is not null) execute function message_parts_end();
