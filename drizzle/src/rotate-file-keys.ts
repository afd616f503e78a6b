import { createFileKeys, type FileKeys } from './file-keys.ts';
import type { Queryable } from './log/read.ts';
import { fileHome } from './nouns/file.ts';
import { createMessageCipher, keyPrefix, type MessageCipher, type RingKey } from './message-cipher.ts';

/** What became of files in a rotation. */
export interface FileRotation {
  /** Files whose key and name are under the current key now, and one of the two was not before. */
  readonly resealed: number;
  /** Files of which no key of the ring opens one of the two; they stay as they are. */
  readonly unreadable: number;
}

interface StaleFile {
  readonly id: string;
  readonly home_id: string;
  readonly sealed_name: Buffer;
  readonly wrapped_key: Buffer;
}

/**
 * Wraps the keys of files and re-encrypts their names with the first key of the ring; their content stays as it is. A
 * row is changed only if it is what was read, and one that is deleted meanwhile stays deleted.
 */
export async function rotateFileKeys(
  db: Queryable,
  ring: readonly RingKey[],
  { batchRows, signal }: { readonly batchRows: number; readonly signal?: AbortSignal | undefined },
): Promise<FileRotation> {
  const current = keyPrefix(ring[0]?.id ?? 0);
  const open = { cipher: createMessageCipher(ring), keys: createFileKeys(ring) };
  let resealed = 0;
  let unreadable = 0;
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    signal?.throwIfAborted();
    const { rows } = await db.query<StaleFile>(
      `select id, ${fileHome} as home_id, sealed_name, wrapped_key from files f
       where id > $1 and (substring(wrapped_key from 1 for 2) <> $2 or substring(sealed_name from 1 for 2) <> $2)
       order by id limit $3`,
      [after, current, batchRows],
    );
    const anew = rows.flatMap((row) => sealedAnew(row, open) ?? []);
    unreadable += rows.length - anew.length;
    resealed += await replace(db, anew);
    const last = rows.at(-1);
    if (last === undefined) return { resealed, unreadable };
    after = last.id;
  }
}

interface Anew extends StaleFile {
  readonly name: Buffer;
  readonly key: Buffer;
}

function sealedAnew(row: StaleFile, { cipher, keys }: { cipher: MessageCipher; keys: FileKeys }): Anew | undefined {
  const { id, home_id: homeId, sealed_name: sealedName, wrapped_key: wrappedKey } = row;
  try {
    const name = cipher.seal(homeId, id, cipher.open(homeId, id, sealedName));
    return { ...row, name, key: keys.wrap(id, keys.unwrap(id, wrappedKey)) };
  } catch {
    return undefined;
  }
}

/** Skips locked rows, as for messages: a send locks its files in another order. Another rotation gets them. */
async function replace(db: Queryable, files: readonly Anew[]): Promise<number> {
  if (files.length === 0) return 0;
  const { rowCount } = await db.query(
    `with wanted as materialized (
       select f.id, n.name, n.key from files f
       join unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[]) n (id, name, key, old_name, old_key)
         on f.id = n.id and f.sealed_name = n.old_name and f.wrapped_key = n.old_key
       for no key update of f skip locked)
     update files f set sealed_name = wanted.name, wrapped_key = wanted.key from wanted where f.id = wanted.id`,
    [
      files.map(({ id }) => id),
      files.map(({ name }) => name),
      files.map(({ key }) => key),
      files.map(({ sealed_name: name }) => name),
      files.map(({ wrapped_key: key }) => key),
    ],
  );
  return rowCount ?? 0;
}
