CREATE TYPE "public"."imported_kind" AS ENUM('Person', 'Chat');--> statement-breakpoint
CREATE TABLE "import_map" (
	"workspace_id" uuid NOT NULL,
	"source" text NOT NULL,
	"kind" "imported_kind" NOT NULL,
	"key" uuid NOT NULL,
	"id" uuid NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "import_map_workspace_id_source_kind_key_pk" PRIMARY KEY("workspace_id","source","kind","key")
);
--> statement-breakpoint
CREATE TABLE "search_walks" (
	"chat_id" uuid PRIMARY KEY NOT NULL,
	"walked_seq" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "imported_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "import_map" ADD CONSTRAINT "import_map_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "import_map_id" ON "import_map" USING btree ("id");