import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '@fechatter/testing/chance';
import type { Store } from '../system/store.ts';
import type { Defect } from './defects.ts';

// Numbers only rows with a higher id than the last one numbered, although an id is assigned before its transaction
// commits.
const readById = `
create or replace function log_sequence() returns bigint language sql volatile as $$
  with last as materialized (select tick_id, last_pos from log_tick order by tick_id desc limit 1),
  mark as materialized (select max(event_id) as id from log_order),
  fresh as materialized (
    select e.id, e.workspace_id, e.workspace_seq, e.chat_id, e.chat_seq, e.user_id from event_log e, mark where e.id > mark.id),
  tick as (
    insert into log_tick (tick_id, snap, last_pos, nonce)
    select last.tick_id + 1, pg_current_snapshot(), last.last_pos + (select count(*) from fresh), 7
    from last where exists (select 1 from fresh)
    on conflict (tick_id) do nothing returning last_pos, nonce),
  ordered as (
    insert into log_order (pos, event_id, workspace_id, workspace_seq, chat_id, chat_seq, user_id, nonce)
    select last.last_pos + row_number() over (order by f.id), f.id, f.workspace_id, f.workspace_seq, f.chat_id, f.chat_seq, f.user_id, tick.nonce
    from fresh f, last, tick)
  select last_pos from tick $$`;

// Writes a message's event outside the message's transaction: a separate process announces it later.
const outbox = `
create schema chaos;
create table chaos.outbox as select * from event_log with no data;
grant usage on schema chaos to fechatter_server;
grant insert on chaos.outbox to fechatter_server;
create function chaos.put_aside() returns trigger language plpgsql as $$
begin
  insert into chaos.outbox select new.*;
  return null;
end $$;
grant execute on function chaos.put_aside() to fechatter_server;
create trigger put_aside before insert on event_log for each row
  when (new.code = 1 and current_user = 'fechatter_server') execute function chaos.put_aside()`;

// Makes each step of the sequencer scan every membership that ever ended.
const walkWhatEnded = `
create schema chaos;
create function chaos.walk_what_ended() returns trigger language plpgsql security definer as $$
begin
  perform pg_sleep(least(5, (select count(*) from public.chat_members where left_seq is not null)));
  return new;
end $$;
create trigger walk_what_ended before insert on log_tick for each row execute function chaos.walk_what_ended()`;

// Makes events about a person name every chat of the workspace, whether they are in it or not.
const nameEveryChat = `
create schema chaos;
create function chaos.name_every_chat() returns trigger language plpgsql security definer as $$
begin
  new.facts := new.facts || jsonb_build_object('sharedChats', (
    select jsonb_object_agg(h.chat_id, h.last_seq) from public.chat_heads h where h.workspace_id = new.workspace_id));
  return new;
end $$;
create trigger name_every_chat before insert on event_log for each row
  when (new.code = 23) execute function chaos.name_every_chat()`;

// Deletes what a message quotes, and leaves its text in its row.
const keepDeletedText = `
create function public.chaos_half_delete() returns trigger language plpgsql security definer as $$
begin
  update public.messages set deleted_at = now() where id = (new.parts ->> 'quotedId')::uuid;
  return new;
end $$;
grant execute on function public.chaos_half_delete() to fechatter_server;
create trigger half_delete before insert on messages for each row
  when (new.parts ? 'quotedId') execute function public.chaos_half_delete()`;

// Takes the key of a file that a message claims: its content can never be opened again.
const loseFileKeys = `
create function public.chaos_lose_key() returns trigger language plpgsql as $$
begin
  new.wrapped_key := sha256(new.wrapped_key);
  return new;
end $$;
grant execute on function public.chaos_lose_key() to fechatter_server;
create trigger lose_key before update on files for each row
  when (old.message_id is null and new.message_id is not null) execute function public.chaos_lose_key()`;

// Keeps the people of a killed instance online for a day.
const extendPresence = `
create function public.chaos_extend_presence() returns trigger language plpgsql as $$
begin
  new.leased_until := new.leased_until + interval '1 day';
  return new;
end $$;
grant execute on function public.chaos_extend_presence() to fechatter_notify;
create trigger extend_presence before insert or update on presence_instances for each row
  execute function public.chaos_extend_presence()`;

/** Plants a defect in the database of a run, before anything uses it. */
export async function plant(defect: Defect, store: Store): Promise<void> {
  if (defect === 'read by id') await store.query(readById);
  if (defect === 'announce after commit') await store.query(outbox);
  if (defect === 'reactions raise no version') await dropVersions(store);
  if (defect === 'deleted replies are counted') await countDeletedReplies(store);
  if (defect === 'ended periods slow down all') await store.query(walkWhatEnded);
  if (defect === 'Guests receive strangers') await store.query(nameEveryChat);
  if (defect === 'deleted messages keep their text') await store.query(keepDeletedText);
  if (defect === 'files lose their keys') await store.query(loseFileKeys);
  if (defect === 'presence outlives its instance') await store.query(extendPresence);
}

/** A reaction is announced, but does not raise its message's version. */
async function dropVersions(store: Store): Promise<void> {
  const [found] = await store.query<{ text: string }>(
    `select pg_get_functiondef(oid) as text from pg_proc where proname = 'write_reactions'`,
  );
  const text = found?.text.replace('version = p_seq, ', '');
  if (text === undefined || text === found?.text) throw new Error('write_reactions() raises versions in another way');
  await store.query(text);
}

/** Makes a thread's count wrong by one for each deleted reply. */
async function countDeletedReplies(store: Store): Promise<void> {
  const [found] = await store.query<{ text: string }>(
    `select pg_get_functiondef(oid) as text from pg_proc where proname = 'message_reply_end'`,
  );
  const text = found?.text.replace('t.reply_count - 1', 't.reply_count');
  if (text === undefined || text === found?.text) throw new Error('message_reply_end() counts in another way');
  await store.query(text);
}

const ANNOUNCE_MS = 30;

/** Announces committed messages, and sometimes dies before it does. */
export async function announceLater(store: Store, chance: Chance, signal: AbortSignal): Promise<void> {
  const announce = async () => {
    const rows = await store.query<Record<string, unknown>>('delete from chaos.outbox returning *');
    if (rows.length === 0 || chance.hits(0.05)) return;
    await store.query(
      `insert into event_log (workspace_id, chat_id, chat_seq, code, subject_id)
       select r.workspace_id, r.chat_id, r.chat_seq, r.code, r.subject_id
       from jsonb_to_recordset($1::jsonb) as r (workspace_id uuid, chat_id uuid, chat_seq bigint, code smallint, subject_id uuid)`,
      [JSON.stringify(rows)],
    );
  };
  while (!signal.aborted) {
    await announce().catch(() => {});
    await wait(ANNOUNCE_MS, undefined, { signal }).catch(() => {});
  }
}
