CREATE TABLE "audit_seals" (
	"n" bigint PRIMARY KEY NOT NULL,
	"lines" integer NOT NULL,
	"newest_at" timestamp (3) with time zone NOT NULL,
	"content" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	"scope_ids" uuid[],
	"ids" uuid[],
	"digests" "bytea"[],
	"sealed_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"pruned_at" timestamp (3) with time zone,
	"pruned_after_days" integer,
	"pruned_lines" integer
);
--> statement-breakpoint
CREATE TABLE "audit_settings" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"retention_days" integer DEFAULT 365 NOT NULL,
	CONSTRAINT "audit_settings_one" CHECK ("audit_settings"."id"),
	CONSTRAINT "audit_settings_days" CHECK ("audit_settings"."retention_days" >= 1)
);
--> statement-breakpoint
CREATE TABLE "audit_unsealed" (
	"scope_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "audit_unsealed_scope_id_id_pk" PRIMARY KEY("scope_id","id")
);
--> statement-breakpoint
CREATE INDEX "audit_seals_unpruned" ON "audit_seals" USING btree ("newest_at") WHERE "audit_seals"."pruned_at" is null;--> statement-breakpoint
CREATE INDEX "audit_unsealed_created_at" ON "audit_unsealed" USING btree ("created_at","id");--> statement-breakpoint
insert into audit_settings default values;
--> statement-breakpoint
-- What was written before is sealed by the first runs of the worker.
insert into audit_unsealed (scope_id, id, created_at) select scope_id, id, created_at from audit_log;
--> statement-breakpoint
create or replace function audit_unsealed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into audit_unsealed (scope_id, id, created_at) select scope_id, id, created_at from written;
  return null;
end $$;
--> statement-breakpoint
create trigger audit_unsealed after insert on audit_log referencing new table as written
  for each statement execute function audit_unsealed();
--> statement-breakpoint
create or replace function audit_seals_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.pruned_at is null and new.pruned_at is not null
    and num_nonnulls(new.scope_ids, new.ids, new.digests) = 0
    and (new.n, new.lines, new.newest_at, new.content, new.hash, new.sealed_at)
      = (old.n, old.lines, old.newest_at, old.content, old.hash, old.sealed_at) then
    return new;
  end if;
  raise exception 'seals of the audit log stay as they are' using errcode = '42501';
end $$;
--> statement-breakpoint
create trigger audit_seals_guard before update or delete on audit_seals for each row execute function audit_seals_guard();
--> statement-breakpoint
create trigger audit_seals_guard_truncate before truncate on audit_seals for each statement execute function audit_seals_guard();
--> statement-breakpoint
-- In its place is audit_prune_seal(). Nothing that may run beside this release calls it.
drop function if exists audit_prune(int, int);
