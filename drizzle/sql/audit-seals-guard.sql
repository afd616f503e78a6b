-- A seal never changes, for the owner of the tables too, except that its list goes when its lines are pruned.
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
