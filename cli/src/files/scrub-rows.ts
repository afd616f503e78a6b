import type { Database, FileKeys } from '@fechatter/drizzle';
import { BrokenObjectError, type FileStores, openSegments, sealedSize, type StoredObject } from '@fechatter/file-store';
import { placeOf } from '@fechatter/server';
import { forEachAtOnce } from './for-each-at-once.ts';

/** What every step of a scrub needs. */
export interface Scrubbing {
  readonly db: Database;
  readonly stores: FileStores;
  readonly isRepairing: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** A part of a file that cannot be read. */
export interface LostPart {
  readonly fileId: string;
  readonly part: number;
}

export interface ScrubbedRows {
  seen: number;
  /** In another store than their row names. */
  elsewhere: number;
  /** Missing or broken, of files that are still being uploaded. */
  lostParts: number;
  readonly missing: LostPart[];
  readonly broken: LostPart[];
}

type Row = StoredObject & {
  readonly fileId: string;
  readonly part: number;
  readonly state: string;
  readonly sizeBytes: number;
  readonly thumbnailBytes: number;
  readonly wrappedKey: Buffer | null;
};

const ROWS_A_PAGE = 500;
const OBJECTS_AT_ONCE = 8;
const LOST_MAX = 10_000;
const NIL = '00000000-0000-0000-0000-000000000000';

const selectRows = `
  select o.id, o.store, o.file_id as "fileId", o.part, f.state, f.size_bytes as "sizeBytes",
    f.thumbnail_bytes as "thumbnailBytes", f.wrapped_key as "wrappedKey"
  from file_objects o join files f on f.id = o.file_id and f.state <> 'Gone'
  where o.stored_at is not null and o.doomed_at is null`;

/** Looks for the object of each row; with keys it also reads them. */
export async function scrubRows(scrubbing: Scrubbing, keys: FileKeys | undefined): Promise<ScrubbedRows> {
  const { db, signal, onProgress } = scrubbing;
  const found: ScrubbedRows = { seen: 0, elsewhere: 0, lostParts: 0, missing: [], broken: [] };
  for (let after = NIL, count = ROWS_A_PAGE; count === ROWS_A_PAGE && !signal.aborted; ) {
    const { rows } = await db.pool.query<Row>(`${selectRows} and o.id > $1 order by o.id limit $2`, [
      after,
      ROWS_A_PAGE,
    ]);
    await forEachAtOnce(rows, OBJECTS_AT_ONCE, (row) => scrubRow(scrubbing, keys, row, found));
    after = rows.at(-1)?.id ?? after;
    count = rows.length;
    found.seen += count;
    if (found.missing.length + found.broken.length > LOST_MAX)
      throw new Error(`more than ${LOST_MAX} objects are lost: are files.folder and files.s3 right? See \`doctor\``);
    onProgress(`${found.seen} rows are checked`);
  }
  return found;
}

async function scrubRow(
  { db, stores, isRepairing, signal }: Scrubbing,
  keys: FileKeys | undefined,
  row: Row,
  found: ScrubbedRows,
): Promise<void> {
  if (signal.aborted) return;
  const state = await stateOf(stores, keys, row);
  if (state === 'right') return;
  // It may have been moved or deleted since its row was read.
  const { rows } = await db.pool.query<Row>(`${selectRows} and o.id = $1 and o.store = $2`, [row.id, row.store]);
  if (rows.length === 0) return;
  const other = stores.names.find((name) => name !== row.store);
  if (other !== undefined && (await stateOf(stores, keys, { ...row, store: other })) === 'right') {
    found.elsewhere += 1;
    if (isRepairing)
      await db.pool.query('update file_objects set store = $2, other_store = store where id = $1 and store = $3', [
        row.id,
        other,
        row.store,
      ]);
    return;
  }
  if (row.state !== 'Uploading') {
    found[state].push({ fileId: row.fileId, part: row.part });
    return;
  }
  found.lostParts += 1;
  if (isRepairing) await db.pool.query('update file_objects set doomed_at = clock_timestamp() where id = $1', [row.id]);
}

async function stateOf(
  stores: FileStores,
  keys: FileKeys | undefined,
  { id, store, fileId, part, wrappedKey, ...sizes }: Row,
): Promise<'right' | 'missing' | 'broken'> {
  const found = await stores.of(store).sizeOf(id);
  if (found === undefined) return 'missing';
  const place = placeOf({ fileId, objectId: id, part }, sizes);
  if (found !== sealedSize(place.sizeBytes)) return 'broken';
  if (keys === undefined || wrappedKey === null) return 'right';
  try {
    const key = keys.unwrap(fileId, wrappedKey);
    const range = { start: 0, end: place.sizeBytes };
    for await (const _ of openSegments(key, place, range, stores.of(store)));
    return 'right';
  } catch (error) {
    if (error instanceof BrokenObjectError) return 'broken';
    throw error;
  }
}
