import type { Queryable } from './log/read.ts';
import { createMessageCipher, keyPrefix, type MessageCipher, type RingKey } from './message-cipher.ts';
import { rotatePushAddresses, rotateSecrets } from './rotate-secrets.ts';
import { type FileRotation, rotateFileKeys } from './rotate-file-keys.ts';

/** The progress of a rotation. */
export interface RotationProgress {
  /** Messages read in this pass. */
  readonly seen: number;
  /** Messages that have the current key now and had another before. */
  readonly resealed: number;
  /** Messages that no key of the ring can decrypt; they stay unchanged. */
  readonly unreadable: number;
}

export interface Rotation extends RotationProgress {
  readonly files: FileRotation;
  /** Keys that encrypt nothing any more: they can leave the ring. */
  readonly retired: readonly number[];
  /** Keys that still encrypt something. */
  readonly inUse: readonly number[];
}

export interface RotationOptions {
  /** Rows per statement. */
  readonly batchRows?: number;
  readonly onProgress?: (progress: RotationProgress) => void;
  /** Stops between two batches; another rotation continues from there. */
  readonly signal?: AbortSignal;
}

interface StaleRow {
  readonly id: string;
  readonly chat_id: string;
  readonly body: Buffer;
}

const FIRST = '00000000-0000-0000-0000-000000000000';
const BATCH_ROWS = 500;
/** A process that still encrypts with an old key would keep a rotation going for ever. */
const PASSES_MAX = 5;

/**
 * Re-encrypts everything with the first key of the ring, while the services run, and drops the check values of keys
 * that are not used any more. A body is replaced only if it is unchanged since the read, so a concurrent edit wins;
 * locked rows are left to the next pass. All progress is in the rows themselves, so a rotation that was killed is
 * simply run again.
 */
export async function rotateKeys(
  db: Queryable,
  ring: readonly RingKey[],
  { batchRows = BATCH_ROWS, onProgress = () => {}, signal }: RotationOptions = {},
): Promise<Rotation> {
  const cipher = createMessageCipher(ring);
  const currentId = ring[0]?.id ?? 0;
  let progress: RotationProgress = { seen: 0, resealed: 0, unreadable: 0 };
  for (let pass = 1; pass <= PASSES_MAX; pass++) {
    const before = progress.resealed;
    progress = { seen: 0, resealed: before, unreadable: 0 };
    let missed = 0;
    for (let after: string | undefined = FIRST; after !== undefined; ) {
      signal?.throwIfAborted();
      const page = await staleAfter(db, after, currentId, batchRows);
      const { bodies, unreadable } = resealed(page.stale, cipher);
      const replaced = await replace(db, bodies);
      missed += bodies.length - replaced;
      progress = {
        seen: progress.seen + page.seen,
        resealed: progress.resealed + replaced,
        unreadable: progress.unreadable + unreadable,
      };
      if (page.seen > 0) onProgress(progress);
      after = page.last;
    }
    if (missed === 0 && progress.resealed === before) break;
  }
  for (const purpose of ['totp', 'webhook'] as const) await rotateSecrets(db, ring, purpose, { batchRows, signal });
  await rotatePushAddresses(db, ring, { batchRows, signal });
  const files = await rotateFileKeys(db, ring, { batchRows, signal });
  return { ...progress, files, ...(await retireUnused(db, currentId)) };
}

/** The next rows by id that have another key, and the id at which the read ended. */
async function staleAfter(db: Queryable, after: string, currentId: number, batchRows: number) {
  const { rows } = await db.query<{ last: string | null; seen: number } & (StaleRow | { id: null })>(
    `with page as materialized (
       select id, chat_id, body from messages where id > $1 order by id limit $3),
     place as (select (select id from page order by id desc limit 1) as last, (select count(*)::int from page) as seen)
     select place.*, p.id, p.chat_id, p.body
     from place left join page p on p.body is not null and substring(p.body from 1 for 2) <> $2`,
    [after, keyPrefix(currentId), batchRows],
  );
  const [first] = rows;
  return {
    last: first?.last ?? undefined,
    seen: first?.seen ?? 0,
    stale: rows.flatMap((row) => (row.id === null ? [] : [row])),
  };
}

interface NewBody extends StaleRow {
  readonly sealed: Buffer;
}

function resealed(stale: readonly StaleRow[], cipher: MessageCipher): { bodies: NewBody[]; unreadable: number } {
  const bodies: NewBody[] = [];
  for (const row of stale) {
    const content = opened(row, cipher);
    if (content !== undefined) bodies.push({ ...row, sealed: cipher.seal(row.chat_id, row.id, content) });
  }
  return { bodies, unreadable: stale.length - bodies.length };
}

function opened({ id, chat_id: chatId, body }: StaleRow, cipher: MessageCipher): string | undefined {
  try {
    return cipher.open(chatId, id, body);
  } catch {
    return undefined;
  }
}

/** Skips locked rows: it locks many rows at once, and others lock them in another order. */
async function replace(db: Queryable, bodies: readonly NewBody[]): Promise<number> {
  if (bodies.length === 0) return 0;
  const { rowCount } = await db.query(
    `with wanted as materialized (
       select m.id, n.sealed from messages m
       join unnest($1::uuid[], $2::bytea[], $3::bytea[]) n (id, body, sealed) on n.id = m.id and n.body = m.body
       for no key update of m skip locked)
     update messages m set body = wanted.sealed from wanted where m.id = wanted.id`,
    [bodies.map(({ id }) => id), bodies.map(({ body }) => body), bodies.map(({ sealed }) => sealed)],
  );
  return rowCount ?? 0;
}

async function retireUnused(db: Queryable, currentId: number): Promise<Pick<Rotation, 'retired' | 'inUse'>> {
  const { rows } = await db.query<{ key_id: number }>(
    'select key_id from key_checks where key_id <> $1 order by key_id',
    [currentId],
  );
  const retired: number[] = [];
  const inUse: number[] = [];
  for (const { key_id: id } of rows) {
    const { rowCount } = await db.query(
      `delete from key_checks where key_id = $1 and not exists (
         select from messages where body is not null and substring(body from 1 for 2) = $2)
       and not exists (select from totp_factors where substring(sealed from 1 for 2) = $2)
       and not exists (select from webhook_secrets where substring(sealed from 1 for 2) = $2)
       and not exists (select from push_subscriptions where substring(sealed from 1 for 2) = $2)
       and not exists (
         select from files where substring(wrapped_key from 1 for 2) = $2 or substring(sealed_name from 1 for 2) = $2)
       and not exists (select from search_generations where state <> 'Retired' and (making ->> 'keyId')::int = $1)`,
      [id, keyPrefix(id)],
    );
    (rowCount === 0 ? inUse : retired).push(id);
  }
  return { retired, inUse };
}
