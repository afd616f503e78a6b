CREATE TABLE "pins" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"chat_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"user_id" uuid
);
--> statement-breakpoint
CREATE UNIQUE INDEX "pins_chat" ON "pins" USING btree ("chat_id","seq");--> statement-breakpoint
CREATE INDEX "pins_user" ON "pins" USING btree ("user_id","message_id");--> statement-breakpoint
create or replace function message_pin_ends() returns trigger language plpgsql as $$
begin
  delete from pins where message_id = new.id;
  return new;
end $$;
--> statement-breakpoint
create trigger message_pin_ends before update on messages for each row
  when (new.body is null and old.parts ? 'pinnedAt') execute function message_pin_ends();
