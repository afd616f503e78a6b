import type { Database } from '@fechatter/drizzle';
import { type FileStore, type FileStores, StoreError, type StoreName } from '@fechatter/file-store';
import { createHash } from 'node:crypto';
import { forEachAtOnce } from './for-each-at-once.ts';

/** The counts of a move so far. */
export interface MoveCounts {
  moved: number;
  movedBytes: number;
  /** Objects that are not in the store that their rows name; they stay unchanged. */
  missing: number;
  /** Could not be copied; the next move tries them again. */
  failed: number;
}

export interface MoveOptions {
  readonly pool: Database['pool'];
  readonly stores: FileStores;
  readonly to: StoreName;
  readonly signal: AbortSignal;
  readonly onProgress: (counts: Readonly<MoveCounts>) => void;
}

const OBJECTS_A_PAGE = 100;
/** Each holds an object of up to 8 MiB. */
const OBJECTS_AT_ONCE = 4;
const FAILURES_MAX = 20;
const NIL = '00000000-0000-0000-0000-000000000000';

/**
 * Moves all objects to one store, while everything runs. An object is copied and read back, then its row names the new
 * store, then the old copy is deleted: it can be read all the time, and a move that was killed at any point is completed by the next
 * one. The row names both stores before the second has its first byte.
 */
export async function moveObjects({ pool, stores, to, signal, onProgress }: MoveOptions): Promise<MoveCounts> {
  const from: StoreName = to === 'S3' ? 'Folder' : 'S3';
  const counts: MoveCounts = { moved: 0, movedBytes: 0, missing: 0, failed: 0 };
  await removeOldCopies({ pool, stores, to, signal });
  for (let after = NIL, count = OBJECTS_A_PAGE; count === OBJECTS_A_PAGE && !signal.aborted; ) {
    const { rows } = await pool.query<{ id: string }>(
      `select id from file_objects
       where store = $1 and stored_at is not null and doomed_at is null and id > $2 order by id limit $3`,
      [from, after, OBJECTS_A_PAGE],
    );
    await forEachAtOnce(rows, OBJECTS_AT_ONCE, async ({ id }) => {
      if (signal.aborted) return;
      await moveObject({ pool, source: stores.of(from), target: stores.of(to), from, to, counts }, id);
      if (counts.failed >= FAILURES_MAX) throw new Error(`${counts.failed} objects cannot be moved; see \`doctor\``);
    });
    after = rows.at(-1)?.id ?? after;
    count = rows.length;
    onProgress(counts);
  }
  return counts;
}

interface Moving {
  readonly pool: Database['pool'];
  readonly source: FileStore;
  readonly target: FileStore;
  readonly from: StoreName;
  readonly to: StoreName;
  readonly counts: MoveCounts;
}

async function moveObject({ pool, source, target, from, to, counts }: Moving, id: string): Promise<void> {
  const begun = await pool.query(
    'update file_objects set other_store = $3 where id = $1 and store = $2 and doomed_at is null',
    [id, from, to],
  );
  if (begun.rowCount === 0) return;
  const sizeBytes = await copied(source, target, id).catch((error: unknown) => {
    if (!(error instanceof StoreError)) throw error;
    return error.failure === 'missing' ? 'missing' : 'failed';
  });
  if (typeof sizeBytes === 'string') {
    if (await isNeeded(pool, id)) counts[sizeBytes] += 1;
    else await target.delete(id);
    return;
  }
  const switched = await pool.query(
    `update file_objects set store = $3, other_store = $2
     where id = $1 and store = $2 and doomed_at is null`,
    [id, from, to],
  );
  if (switched.rowCount === 0) {
    // It is not needed any more: the job that deletes it may have run before the copy was made.
    if (!(await isNeeded(pool, id))) await target.delete(id);
    return;
  }
  await source.delete(id);
  await pool.query('update file_objects set other_store = null where id = $1 and store = $2', [id, to]);
  counts.moved += 1;
  counts.movedBytes += sizeBytes;
}

/** False: it is being deleted, for example as the upload of a re-encoded picture. */
async function isNeeded(pool: Database['pool'], id: string): Promise<boolean> {
  const { rowCount } = await pool.query('select from file_objects where id = $1 and doomed_at is null', [id]);
  return rowCount === 1;
}

/** Copies an object, and reads back what was stored; returns its size. */
async function copied(source: FileStore, target: FileStore, id: string): Promise<number> {
  const sizeBytes = await source.sizeOf(id);
  if (sizeBytes === undefined) throw new StoreError('missing', `object ${id} is not there`);
  const range = { start: 0, end: sizeBytes };
  const [read, stored] = [createHash('sha256'), createHash('sha256')];
  await target.put(id, hashing(source.read(id, range), read), sizeBytes);
  if ((await target.sizeOf(id)) !== sizeBytes)
    throw new StoreError('unavailable', `the copy of ${id} has another size`);
  for await (const bytes of target.read(id, range)) stored.update(bytes);
  if (!read.digest().equals(stored.digest())) throw new StoreError('unavailable', `the copy of ${id} is another`);
  return sizeBytes;
}

async function* hashing(bytes: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Completes stopped moves: a row names this store only after the copy in it was verified. */
async function removeOldCopies({ pool, stores, to, signal }: Omit<MoveOptions, 'onProgress'>): Promise<void> {
  for (let count = OBJECTS_A_PAGE; count === OBJECTS_A_PAGE && !signal.aborted; ) {
    const { rows } = await pool.query<{ id: string; other: StoreName }>(
      `select id, other_store as other from file_objects
       where other_store is not null and store = $1 and doomed_at is null order by id limit $2`,
      [to, OBJECTS_A_PAGE],
    );
    await forEachAtOnce(rows, OBJECTS_AT_ONCE, ({ id, other }) => stores.of(other).delete(id));
    await pool.query('update file_objects set other_store = null where id = any ($1::uuid[]) and store = $2', [
      rows.map(({ id }) => id),
      to,
    ]);
    count = rows.length;
  }
}
