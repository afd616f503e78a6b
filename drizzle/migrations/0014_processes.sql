CREATE TABLE "processes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"service" text NOT NULL,
	"release" text NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
DROP TABLE "workers" CASCADE;