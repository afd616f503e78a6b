import type { Database } from '@fechatter/drizzle';
import type { StoreName } from '@fechatter/file-store';
import type { Scrubbing } from './scrub-rows.ts';

export interface ScrubbedObjects {
  seen: number;
  /** No row has them, and they are old. */
  withoutRow: number;
  /** No row has them, and they are younger than a day, or than all rows. */
  young: number;
  /** Another store has the object, by its row. */
  copies: number;
}

type Known = { readonly id: string; readonly is_here: boolean; readonly store: StoreName };

const IDS_A_PAGE = 500;
const YOUNG_MS = 24 * 3_600_000;

/** Looks for the row of each object. A row is there before its object, so an object that was seen without one has none. */
export async function scrubObjects(scrubbing: Scrubbing): Promise<ScrubbedObjects> {
  const { stores, signal, onProgress } = scrubbing;
  const found: ScrubbedObjects = { seen: 0, withoutRow: 0, young: 0, copies: 0 };
  for (const name of stores.names) {
    let page: string[] = [];
    const checkNext = async () => {
      await checkPage(scrubbing, name, page, found);
      found.seen += page.length;
      page = [];
      onProgress(`${found.seen} objects are checked`);
    };
    for await (const id of stores.of(name).list()) {
      if (signal.aborted) return found;
      page.push(id);
      if (page.length === IDS_A_PAGE) await checkNext();
    }
    if (page.length > 0) await checkNext();
  }
  return found;
}

async function checkPage(
  { db, stores, isRepairing }: Scrubbing,
  name: StoreName,
  ids: readonly string[],
  found: ScrubbedObjects,
): Promise<void> {
  const known = await knownOf(db, name, ids);
  const { newest, nowMs } = await newestRow(db);
  const store = stores.of(name);
  for (const id of ids) {
    const row = known.get(id);
    if (row?.is_here === true) continue;
    if (row !== undefined) {
      // Only what the row names is known to be whole.
      if ((await stores.of(row.store).sizeOf(id)) !== (await store.sizeOf(id))) continue;
      found.copies += 1;
    } else if (id > newest || nowMs - beganAtMs(id) < YOUNG_MS) {
      found.young += 1;
      continue;
    } else found.withoutRow += 1;
    if (isRepairing) await store.delete(id);
  }
}

async function knownOf({ pool }: Database, name: StoreName, ids: readonly string[]): Promise<Map<string, Known>> {
  const { rows } = await pool.query<Known>(
    `select id, store, store = $2 or coalesce(other_store = $2, false) as is_here
     from file_objects where id = any ($1::uuid[])`,
    [ids, name],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

async function newestRow({ pool }: Database): Promise<{ newest: string; nowMs: number }> {
  const { rows } = await pool.query<{ newest: string | null; now_ms: number }>(
    `select (select id from file_objects order by id desc limit 1) as newest,
       (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms`,
  );
  return { newest: rows[0]?.newest ?? '', nowMs: rows[0]?.now_ms ?? 0 };
}

/** When an id of version 7 was made, by its own time; others are old. */
const beganAtMs = (id: string): number => (id[14] === '7' ? Number.parseInt(id.replace('-', '').slice(0, 12), 16) : 0);
