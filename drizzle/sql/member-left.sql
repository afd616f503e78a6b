-- Sets when a membership ended, by the database's clock and in the transaction that ends it, so that no code path can omit it.
create or replace function member_left() returns trigger language plpgsql as $$
begin
  new.left_at := clock_timestamp();
  return new;
end $$;
