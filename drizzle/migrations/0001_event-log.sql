-- The event log. event_log holds what happened, in the transaction in which it happened; log_order numbers committed
-- rows densely; log_tick remembers which snapshot the last numbering saw. See docs/guarantees.md.

alter table chat_heads set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
alter table workspace_heads set (fillfactor = 50);
alter table chat_members set (fillfactor = 80);
alter table send_counters set (fillfactor = 50);

-- Exactly one audience a row: workspace_seq set, the workspace's members; else user_id set, that user; else the chat's
-- members. The identity's cache stays 1: an id is drawn after its head is locked, so ids follow the order of a chat.
create table event_log (
  id bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  workspace_id uuid,
  workspace_seq bigint,
  chat_id uuid,
  chat_seq bigint,
  user_id uuid,
  code smallint not null,
  subject_id uuid,
  facts jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  primary key (id),
  constraint event_log_audience check (
    num_nonnulls(workspace_seq, user_id) <= 1
    and (workspace_seq is not null or user_id is not null or chat_seq is not null)
    and (workspace_seq is null or workspace_id is not null)
    and (chat_seq is null or (chat_id is not null and workspace_id is not null)))
) partition by range (id);
create index event_log_xid on event_log (xid);
-- What takes something away (codes 30 to 39) overtakes the order: a tail finds it by its transaction, numbered or not.
create index event_log_overtaking on event_log (xid) where code between 30 and 39;

create table log_tick (
  tick_id bigint primary key,
  snap pg_snapshot not null,
  last_pos bigint not null,
  nonce int not null,
  created_at timestamptz not null default clock_timestamp());

create table log_order (
  pos bigint not null,
  event_id bigint not null,
  workspace_id uuid,
  workspace_seq bigint,
  chat_id uuid,
  chat_seq bigint,
  user_id uuid,
  nonce int not null,
  primary key (pos)
) partition by range (pos);

-- Makes the partitions of the next three million rows, and of the positions that all rows not yet numbered will need:
-- a step numbers its whole backlog at once. Any process may call it at any time: attaching a ready table lets writers
-- go on. Returns how many it made.
create function log_add_partitions() returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare v_parent text; v_last_id bigint; v_from bigint := 0; v_to bigint := 0; v_part text; v_made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('fechatter.log_partitions'));
  v_last_id := coalesce(pg_sequence_last_value(pg_get_serial_sequence('event_log', 'id')::regclass), 0);
  foreach v_parent in array array['event_log', 'log_order'] loop
    if v_parent = 'event_log' then
      v_from := v_last_id;
      v_to := v_last_id;
    else
      select pos, pos + greatest(v_last_id - event_id, 0) into v_from, v_to from log_order order by pos desc limit 1;
    end if;
    for n in coalesce(v_from, 0) / 1000000 .. coalesce(v_to, 0) / 1000000 + 3 loop
      v_part := format('%s_p%s', v_parent, n);
      continue when to_regclass(v_part) is not null;
      execute format('create table %I (like %I including all excluding identity)', v_part, v_parent);
      execute format('alter table %I attach partition %I for values from (%s) to (%s)', v_parent, v_part, n * 1000000, (n + 1) * 1000000);
      v_made := v_made + 1;
    end loop;
  end loop;
  return v_made;
end $$;

-- Drops a partition when the first row of the next one is older than the retention: every token younger than that
-- still has its anchor. A busy log is left alone and tried again. (Not DETACH CONCURRENTLY: that cannot run in a
-- function, so no least-rights role could be given it.) Returns how many went.
create function log_prune(p_retention interval) returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare v_parent text; v_part record; v_first_at timestamptz; v_found boolean; v_dropped int := 0;
begin
  if p_retention is null or p_retention < interval '1 hour' then
    raise exception 'the log keeps at least an hour' using errcode = '22023';
  end if;
  if not pg_try_advisory_xact_lock(hashtext('fechatter.log_partitions')) then return 0; end if;
  perform set_config('lock_timeout', '200', true);
  foreach v_parent in array array['log_order', 'event_log'] loop
    for v_part in
      select c.relname, substring(c.relname from '_p(\d+)$')::bigint as n
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = v_parent::regclass order by 2
    loop
      if v_parent = 'event_log' then
        select true, e.created_at into v_found, v_first_at from event_log e
        where e.id >= (v_part.n + 1) * 1000000 order by e.id limit 1;
      else
        select true, coalesce(e.created_at, '-infinity') into v_found, v_first_at
        from (select event_id from log_order where pos >= (v_part.n + 1) * 1000000 order by pos limit 1) o
        left join event_log e on e.id = o.event_id;
      end if;
      exit when v_found is not true or v_first_at > clock_timestamp() - p_retention;
      begin
        execute format('drop table %I', v_part.relname);
      exception when lock_not_available then return v_dropped;
      end;
      v_dropped := v_dropped + 1;
    end loop;
  end loop;
  return v_dropped;
end $$;

-- Begins the order anew at position 0, a row like any other: the token of a fresh system stays good after its first
-- event. After a restore into another cluster, when the old order means nothing. Ids go on, and position 0 says from
-- where. Steps and partitions are kept still and log_order is locked first, as its readers do: whoever is at work waits.
create function log_reset() returns void language plpgsql as $$
declare
  v_nonce int := (random() * 2147483647)::int;
  v_last_id bigint;
begin
  perform pg_advisory_xact_lock(hashtext('fechatter.log_partitions'));
  perform pg_advisory_xact_lock(hashtext('fechatter.log_step'));
  lock table log_order, event_log, log_tick in access exclusive mode;
  truncate event_log, log_tick, log_order;
  perform log_add_partitions();
  v_last_id := coalesce(pg_sequence_last_value(pg_get_serial_sequence('event_log', 'id')::regclass), 0);
  insert into log_tick (tick_id, snap, last_pos, nonce) values (0, pg_current_snapshot(), 0, v_nonce);
  insert into log_order (pos, event_id, nonce) values (0, v_last_id, v_nonce);
end $$;
select log_reset();

-- Numbers what this snapshot sees and the last tick's did not. Why this is right: a tick can only follow a tick that its
-- statement saw, so visible sets grow and every committed row falls into exactly one difference; within one, ids were
-- drawn under the head's lock. Never cut a batch by xid or LIMIT. Call log_step(), which checks what must hold.
create function log_sequence() returns bigint language sql volatile as $$
  with last as materialized (select tick_id, snap, last_pos from log_tick order by tick_id desc limit 1),
  probe as materialized (
    select 1 from last
    where (select e.xid from event_log e order by e.xid desc limit 1) >= pg_snapshot_xmax(last.snap)
       or exists (select 1 from unnest(array(select pg_snapshot_xip(last.snap))) x
                  cross join lateral (select 1 from event_log e where e.xid = x order by e.xid limit 1) z)),
  fresh as materialized (
    select e.* from last, probe, lateral (
      select id, workspace_id, workspace_seq, chat_id, chat_seq, user_id from event_log
      where xid >= pg_snapshot_xmax(last.snap) and xid < pg_snapshot_xmax(pg_current_snapshot())) e
    union all
    select e.* from last, probe, unnest(array(select pg_snapshot_xip(last.snap))) x
      cross join lateral (select id, workspace_id, workspace_seq, chat_id, chat_seq, user_id from event_log where xid = x) e),
  tick as (
    insert into log_tick (tick_id, snap, last_pos, nonce)
    select last.tick_id + 1, pg_current_snapshot(), last.last_pos + (select count(*) from fresh), (random() * 2147483647)::int
    from last where exists (select 1 from fresh)
    on conflict (tick_id) do nothing returning last_pos, nonce),
  ordered as (
    insert into log_order (pos, event_id, workspace_id, workspace_seq, chat_id, chat_seq, user_id, nonce)
    select last.last_pos + row_number() over (order by f.id), f.id, f.workspace_id, f.workspace_seq, f.chat_id, f.chat_seq, f.user_id, tick.nonce
    from fresh f, last, tick)
  select last_pos from tick $$;

-- One step of numbering, callable by any process at any time. Null: nothing new. -1: another process is at it, whose
-- snapshot may be older than the caller's news, so step again.
create function log_step() returns bigint language plpgsql volatile as $$
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
