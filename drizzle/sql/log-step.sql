-- One numbering step; any process can call it at any time. Null: nothing new. -1: another process is numbering, and its snapshot
-- may be older than the caller's new rows, so call again. Runs as the owner of the tables: no other role can write the order.
create or replace function log_step() returns bigint language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare v_last pg_snapshot;
begin
  if pg_current_xact_id_if_assigned() is not null or current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'log_step() stands alone: its own READ COMMITTED transaction, nothing written before it' using errcode = '25001';
  end if;
  if current_setting('statement_timeout') <> '0' then
    raise exception 'log_step() cannot be cut: statement_timeout must be 0 on its connection' using errcode = '55000';
  end if;
  if current_setting('transaction_timeout', true) is not null then
    perform set_config('transaction_timeout', '0', true);
  end if;
  if current_setting('synchronous_commit') in ('off', 'local') then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  if not pg_try_advisory_xact_lock(hashtext('fechatter.log_step')) then return -1; end if;
  select snap into v_last from log_tick order by tick_id desc limit 1;
  if v_last is null or pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(v_last) then
    raise exception 'this log was written by another cluster: run "fechatter log reset"' using errcode = '55000';
  end if;
  return log_sequence();
end $$;
