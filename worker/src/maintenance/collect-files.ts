import { sql } from '@fechatter/drizzle';
import { deleteObject, type DoomedObject } from '@fechatter/file-store';
import { makeChange } from '@fechatter/server/change';
import { NIL } from 'uuid';
import type { JobDeps } from './job.ts';

type Deps = Pick<JobDeps, 'db' | 'notifier' | 'log' | 'stores'>;

const CHATS_A_READ = 100;
const OBJECTS_A_READ = 200;
const ROWS_A_STATEMENT = 500;
/** Far longer than a request may take: what was not stored until then is not being written any more. */
const WRITING_MAX_SECONDS = 3_600;

/**
 * Ends files that were not sent in time, deletes from the store what is no longer needed (files that are gone, parts
 * that were replaced, attempts that died), and gives their room back. It knows all of that from rows; it can be stopped
 * anywhere, and run by several processes.
 */
export async function collectFiles(deps: Deps, signal: AbortSignal): Promise<void> {
  await endUnsent(deps, signal);
  await endUnclaimed(deps);
  await doom(deps, signal);
  await deleteDoomed(deps, signal);
  await forgetGone(deps, signal);
  for (const name of deps.stores.names) await deps.stores.of(name).tidy();
}

/** Under the heads of their chats, so that none is removed between a send's check and its claim. */
async function endUnsent(deps: Deps, signal: AbortSignal): Promise<void> {
  for (let count = CHATS_A_READ; count === CHATS_A_READ; ) {
    const { rows } = await deps.db.pool.query<{ chat_id: string }>(
      `select distinct chat_id from (
         select chat_id from files where chat_id is not null and message_id is null and expires_at <= clock_timestamp() and state <> 'Gone'
         order by expires_at limit $1) f`,
      [CHATS_A_READ],
    );
    for (const { chat_id: chatId } of rows) {
      if (signal.aborted) return;
      await makeChange({ deps }, async (change) => {
        await change.lockChats([chatId]);
        await change.tx.execute(sql`
          update files set state = 'Gone', wrapped_key = null, sealed_name = null
          where chat_id = ${chatId} and message_id is null and expires_at <= clock_timestamp() and state <> 'Gone'`);
      });
    }
    count = rows.length;
  }
}

/** Pictures that became no emoji. That claims them by ending their time, in their row. */
async function endUnclaimed({ db }: Deps): Promise<void> {
  await db.pool.query(
    `update files set state = 'Gone', wrapped_key = null, sealed_name = null
     where chat_id is null and expires_at <= clock_timestamp() and state <> 'Gone' and id in (
       select id from files where message_id is null and chat_id is null and expires_at <= clock_timestamp() and state <> 'Gone'
       order by expires_at limit $1)`,
    [ROWS_A_STATEMENT],
  );
}

/** Those of files that are gone, and those that were never stored. */
async function doom({ db }: Deps, signal: AbortSignal): Promise<void> {
  for (let count = ROWS_A_STATEMENT; count === ROWS_A_STATEMENT && !signal.aborted; ) {
    const { rowCount } = await db.pool.query(
      `with wanted as materialized (
         select o.id from files f join file_objects o on o.file_id = f.id and o.stored_at is not null and o.doomed_at is null
         where f.state = 'Gone'
         union all
         select id from file_objects where stored_at is null and doomed_at is null
           and created_at < clock_timestamp() - make_interval(secs => $1)
         limit $2)
       update file_objects set doomed_at = clock_timestamp() where id in (select id from wanted)`,
      [WRITING_MAX_SECONDS, ROWS_A_STATEMENT],
    );
    count = rowCount ?? 0;
  }
}

async function deleteDoomed({ db, stores, log }: Deps, signal: AbortSignal): Promise<void> {
  for (let after: string = NIL, count = OBJECTS_A_READ; count === OBJECTS_A_READ && !signal.aborted; ) {
    const { rows } = await db.pool.query<DoomedObject>(
      `select id, store, other_store as "otherStore" from file_objects
       where doomed_at is not null and id > $1 order by id limit $2`,
      [after, OBJECTS_A_READ],
    );
    const deleted: string[] = [];
    for (const object of rows) {
      const { id } = object;
      after = id;
      await deleteObject(stores, object).then(
        () => deleted.push(id),
        (err: unknown) => log.error({ err, objectId: id }, 'an object of a file cannot be deleted; trying again later'),
      );
    }
    await db.pool.query('delete from file_objects where id = any ($1::uuid[])', [deleted]);
    count = rows.length;
  }
}

/** Files of which the store has nothing any more: only now their room is free. */
async function forgetGone({ db }: Deps, signal: AbortSignal): Promise<void> {
  for (let count = ROWS_A_STATEMENT; count === ROWS_A_STATEMENT && !signal.aborted; ) {
    const { rows } = await db.pool.query<{ count: number }>(
      `with gone as materialized (
         select id from files f where f.state = 'Gone' and not exists (select from file_objects o where o.file_id = f.id)
         limit $1 for update skip locked),
       deleted as (delete from files where id in (select id from gone) returning workspace_id, size_bytes, thumbnail_bytes),
       freed as (
         update file_usage u set bytes = u.bytes - d.bytes
         from (select workspace_id, sum(size_bytes + thumbnail_bytes) as bytes from deleted group by 1) d
         where u.workspace_id = d.workspace_id)
       select count(*)::int as count from deleted`,
      [ROWS_A_STATEMENT],
    );
    count = rows[0]?.count ?? 0;
  }
}
