CREATE TYPE "public"."search_state" AS ENUM('Building', 'Active', 'Retired');--> statement-breakpoint
CREATE TABLE "search_generations" (
	"gen" smallint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "search_generations_gen_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 32767 START WITH 1 CACHE 1),
	"state" "search_state" DEFAULT 'Building' NOT NULL,
	"making" jsonb NOT NULL,
	"walked_to" uuid DEFAULT '00000000-0000-0000-0000-000000000000' NOT NULL,
	"walk_end" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"active_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "search_parts" (
	"part" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "search_parts_part_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"gen" smallint NOT NULL,
	"from_id" uuid NOT NULL,
	"messages" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "search_generations_active" ON "search_generations" USING btree ("state") WHERE "search_generations"."state" = 'Active';--> statement-breakpoint
CREATE INDEX "search_parts_gen" ON "search_parts" USING btree ("gen","from_id");--> statement-breakpoint
-- The index of messages (see drizzle/sql/search-candidates.sql): no key leads to a chat or a time, which nothing asks for.
-- Without a pending list, which would stall a writer for as long as it takes to merge it.
create table message_search (
  part int not null,
  message_id uuid not null,
  version bigint not null,
  tokens int[] not null,
  primary key (message_id, part)
) partition by list (part);
--> statement-breakpoint
create index message_search_tokens on message_search using gin (tokens) with (fastupdate = off);
