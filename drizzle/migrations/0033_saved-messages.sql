CREATE TABLE "saved_messages" (
	"user_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"chat_id" uuid NOT NULL,
	"number" bigint GENERATED ALWAYS AS IDENTITY (sequence name "saved_messages_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"saved_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "saved_messages_user_id_message_id_pk" PRIMARY KEY("user_id","message_id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "saved_messages_order" ON "saved_messages" USING btree ("user_id","number");--> statement-breakpoint
CREATE INDEX "saved_messages_message" ON "saved_messages" USING btree ("message_id");--> statement-breakpoint
create or replace function saved_message_ends() returns trigger language plpgsql as $$
begin
  delete from saved_messages where message_id = new.id;
  return new;
end $$;
--> statement-breakpoint
create trigger saved_message_ends before update on messages for each row
  when (new.body is null and old.parts ? 'saved') execute function saved_message_ends();
