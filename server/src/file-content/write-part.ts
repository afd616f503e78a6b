import { limits, partSizeOf } from '@fechatter/contract';
import { type Database, inTransaction, sql } from '@fechatter/drizzle';
import {
  deleteObject,
  type DoomedObject,
  type Part,
  SEGMENT_BYTES,
  sealedSize,
  sealSegments,
  type StoredObject,
} from '@fechatter/file-store';
import { refuse } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { FileContent } from './file-content.ts';
import { storeRefusal } from './store-refusal.ts';

interface Writing {
  readonly db: Database;
  readonly files: FileContent;
}

interface Upload {
  readonly state: string;
  readonly size_bytes: number;
  readonly wrapped_key: Buffer | null;
  readonly is_begun: boolean;
}

const SEGMENTS_A_PART = limits.filePartBytes / SEGMENT_BYTES;

/** A part of a file as an object of the store. */
export const partAt = (fileId: string, objectId: string, part: number, fileBytes: number): Part => ({
  fileId,
  objectId,
  firstSegment: (part - 1) * SEGMENTS_A_PART,
  sizeBytes: partSizeOf(fileBytes, part),
  isLast: part * limits.filePartBytes >= fileBytes,
});

/**
 * An object of a finished file as it is sealed. The thumbnail has number 0 among the parts, and is sealed as a file of its own
 * with one part.
 */
export const placeOf = (
  { fileId, objectId, part }: { readonly fileId: string; readonly objectId: string; readonly part: number },
  { sizeBytes, thumbnailBytes }: { readonly sizeBytes: number; readonly thumbnailBytes: number },
): Part => (part === 0 ? partAt(fileId, objectId, 1, thumbnailBytes) : partAt(fileId, objectId, part, sizeBytes));

/**
 * Stores a part of a file that this person is uploading. Of repeated or concurrent uploads of a part the last one counts; a
 * finished file stays as it is. Refuses with file_not_found, with invalid_input where the file has no such part,
 * with part_size_wrong if the body does not have exactly its bytes, and with files_unavailable if the store fails.
 */
export async function writePart(
  { db, files }: Writing,
  { fileId, userId, part }: { readonly fileId: string; readonly userId: string; readonly part: number },
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const object: StoredObject = { id: uuidv7(), store: files.stores.current };
  const upload = await beginObject(db, { fileId, userId, object, part });
  if (upload === undefined) throw refuse('file_not_found');
  if (partSizeOf(upload.size_bytes, part) === 0)
    throw refuse('invalid_input', { message: `There is no part ${part}.` });
  if (upload.state !== 'Uploading') return;
  if (!upload.is_begun || upload.wrapped_key === null) throw refuse('file_not_found');
  const place = partAt(fileId, object.id, part, upload.size_bytes);
  try {
    const key = files.keys.unwrap(fileId, upload.wrapped_key);
    await files.stores.of(object.store).put(object.id, sealSegments(key, place, content), sealedSize(place.sizeBytes));
  } catch (error) {
    await forgetObjects({ db, files }, [{ ...object, otherStore: null }]).catch(() => {});
    throw storeRefusal(error);
  }
  files.counts.received += place.sizeBytes;
  const { doomed, became } = await markStored(db, { fileId, object, part });
  // A job of the worker deletes the objects that are not deleted here.
  await forgetObjects({ db, files }, doomed).catch(() => {});
  if (became === 'gone') throw refuse('file_not_found');
  if (became === 'late')
    throw refuse('files_unavailable', { message: 'Storing the part took too long; send it again.' });
}

/** Inserts the row of the object before the object exists, if the file is still being uploaded. */
async function beginObject(
  { pool }: Database,
  { fileId, userId, object, part }: { fileId: string; userId: string; object: StoredObject; part: number },
): Promise<Upload | undefined> {
  const { rows } = await pool.query<Upload>({
    name: 'begin-file-object',
    text: `
      with f as materialized (
        select id, state, size_bytes, wrapped_key, $4::int <= ceil(size_bytes / $5::numeric) as has_part from files
        where id = $1::uuid and uploader_id = $2::uuid and state <> 'Gone' and (expires_at is null or expires_at > clock_timestamp())),
      begun as (
        insert into file_objects (id, file_id, part, store)
        select $3::uuid, f.id, $4::int, $6::file_store from f where f.state = 'Uploading' and f.has_part returning 1)
      select f.state, f.size_bytes, f.wrapped_key, exists (select from begun) as is_begun from f`,
    values: [fileId, userId, object.id, part, limits.filePartBytes, object.store],
  });
  return rows[0];
}

/** The reason by the state of its file: a finished file does not change. */
const whyNot: Readonly<Record<string, 'gone' | 'late'>> = { Gone: 'gone', Uploading: 'late' };

/**
 * Makes the object the part, if the file is still being uploaded; returns the objects that are no longer needed. `late`:
 * it took so long that the object was given up meanwhile, and the part is what it was.
 */
function markStored(
  db: Database,
  { fileId, object, part }: { fileId: string; object: StoredObject; part: number },
): Promise<{ doomed: readonly DoomedObject[]; became: 'the part' | 'nothing' | 'late' | 'gone' }> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.execute<{ state: string }>(
      sql`select state from files where id = ${fileId} for no key update`,
    );
    const state = rows[0]?.state ?? 'Gone';
    const { rows: own } = await tx.execute(
      sql`select from file_objects where id = ${object.id} and doomed_at is null for no key update`,
    );
    const isPart = state === 'Uploading' && own.length > 0;
    const { rows: doomed } = await tx.execute<DoomedObject>(sql`
      update file_objects set doomed_at = clock_timestamp()
      where file_id = ${fileId} and part = ${part} and doomed_at is null
        and ${isPart ? sql`stored_at is not null` : sql`id = ${object.id}`} returning id, store, other_store as "otherStore"`);
    if (!isPart) return { doomed: [{ ...object, otherStore: null }], became: whyNot[state] ?? 'nothing' };
    await tx.execute(sql`update file_objects set stored_at = clock_timestamp() where id = ${object.id}`);
    return { doomed, became: 'the part' };
  });
}

/** Deletes objects, then the rows that name them. */
async function forgetObjects({ db, files }: Writing, objects: readonly DoomedObject[]): Promise<void> {
  for (const object of objects) await deleteObject(files.stores, object);
  const ids = objects.map(({ id }) => id);
  if (ids.length > 0) await db.pool.query('delete from file_objects where id = any ($1::uuid[])', [ids]);
}
