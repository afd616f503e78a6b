ALTER TABLE "search_parts" ADD COLUMN "is_indexed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- Each part has an index of its own, which the walk makes when a part is full; an index of the whole table would be made with
-- the part.
drop index message_search_tokens;
--> statement-breakpoint
do $$
declare v_part int;
begin
  for v_part in select part from search_parts order by part loop
    execute format('create index %I on %I using gin (tokens) with (fastupdate = off)',
      format('message_search_p%s_tokens', v_part), format('message_search_p%s', v_part));
  end loop;
end $$;
--> statement-breakpoint
update search_parts set is_indexed = true;
