CREATE TABLE "consumer_resets" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "consumer_resets_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"consumer" text NOT NULL,
	"from_pos" bigint,
	"from_nonce" integer,
	"to_pos" bigint NOT NULL,
	"to_nonce" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "consumers" (
	"name" text PRIMARY KEY NOT NULL,
	"pos" bigint NOT NULL,
	"nonce" integer NOT NULL,
	"moved_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "consumer_resets_consumer" ON "consumer_resets" USING btree ("consumer","id");