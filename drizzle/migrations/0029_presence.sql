CREATE TABLE "custom_statuses" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"emoji" text,
	"text" text,
	"expires_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "presence_activity" (
	"user_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"active_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "presence_activity_user_id_session_id_pk" PRIMARY KEY("user_id","session_id")
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "presence_instances" (
	"id" uuid PRIMARY KEY NOT NULL,
	"leased_until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "presence_people" (
	"user_id" uuid NOT NULL,
	"instance_id" uuid NOT NULL,
	CONSTRAINT "presence_people_user_id_instance_id_pk" PRIMARY KEY("user_id","instance_id")
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "presence_streams" (
	"id" uuid PRIMARY KEY NOT NULL,
	"instance_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"user_ids" uuid[] DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "custom_statuses" ADD CONSTRAINT "custom_statuses_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "presence_activity_time" ON "presence_activity" USING btree ("active_at");--> statement-breakpoint
CREATE INDEX "presence_people_instance" ON "presence_people" USING btree ("instance_id");--> statement-breakpoint
CREATE INDEX "presence_streams_instance" ON "presence_streams" USING btree ("instance_id");