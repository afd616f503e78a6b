import { limits, partSizeOf } from '@fechatter/contract';
import { type Database, inTransaction, sql } from '@fechatter/drizzle';
import { type Part, SEGMENT_BYTES, sealedSize, sealSegments } from '@fechatter/file-store';
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
 * Stores a part of a file that this person is uploading. Again, or at the same time elsewhere: the last one counts, and a
 * file that is finished stays as it is. Refuses with file_not_found, with invalid_input where the file has no such part,
 * with part_size_wrong where other than all of its bytes come, and with files_unavailable where the store fails.
 */
export async function writePart(
  { db, files }: Writing,
  { fileId, userId, part }: { readonly fileId: string; readonly userId: string; readonly part: number },
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const objectId = uuidv7();
  const upload = await beginObject(db, { fileId, userId, objectId, part });
  if (upload === undefined) throw refuse('file_not_found');
  if (partSizeOf(upload.size_bytes, part) === 0)
    throw refuse('invalid_input', { message: `There is no part ${part}.` });
  if (upload.state !== 'Uploading') return;
  if (!upload.is_begun || upload.wrapped_key === null) throw refuse('file_not_found');
  const place = partAt(fileId, objectId, part, upload.size_bytes);
  try {
    const key = files.keys.unwrap(fileId, upload.wrapped_key);
    await files.store.put(objectId, sealSegments(key, place, content), sealedSize(place.sizeBytes));
  } catch (error) {
    await forgetObjects({ db, files }, [objectId]).catch(() => {});
    throw storeRefusal(error);
  }
  files.counts.received += place.sizeBytes;
  const { doomed, became } = await markStored(db, { fileId, objectId, part });
  // What is not deleted now, a job of the worker's deletes.
  await forgetObjects({ db, files }, doomed).catch(() => {});
  if (became === 'gone') throw refuse('file_not_found');
  if (became === 'late')
    throw refuse('files_unavailable', { message: 'Storing the part took too long; send it again.' });
}

/** Writes the object down before it is there, if the file is still being uploaded. */
async function beginObject(
  { pool }: Database,
  { fileId, userId, objectId, part }: { fileId: string; userId: string; objectId: string; part: number },
): Promise<Upload | undefined> {
  const { rows } = await pool.query<Upload>({
    name: 'begin-file-object',
    text: `
      with f as materialized (
        select id, state, size_bytes, wrapped_key, $4::int <= ceil(size_bytes / $5::numeric) as has_part from files
        where id = $1::uuid and uploader_id = $2::uuid and state <> 'Gone' and (expires_at is null or expires_at > clock_timestamp())),
      begun as (
        insert into file_objects (id, file_id, part)
        select $3::uuid, f.id, $4::int from f where f.state = 'Uploading' and f.has_part returning 1)
      select f.state, f.size_bytes, f.wrapped_key, exists (select from begun) as is_begun from f`,
    values: [fileId, userId, objectId, part, limits.filePartBytes],
  });
  return rows[0];
}

/** By the state of its file: of a finished one nothing changes. */
const whyNot: Readonly<Record<string, 'gone' | 'late'>> = { Gone: 'gone', Uploading: 'late' };

/**
 * Makes the object the part, if the file is still being uploaded; returns what nobody needs any more. `late`: it took so long
 * that the object was given up meanwhile, and the part is what it was.
 */
function markStored(
  db: Database,
  { fileId, objectId, part }: { fileId: string; objectId: string; part: number },
): Promise<{ doomed: readonly string[]; became: 'the part' | 'nothing' | 'late' | 'gone' }> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.execute<{ state: string }>(
      sql`select state from files where id = ${fileId} for no key update`,
    );
    const state = rows[0]?.state ?? 'Gone';
    const { rows: own } = await tx.execute(
      sql`select from file_objects where id = ${objectId} and doomed_at is null for no key update`,
    );
    const isPart = state === 'Uploading' && own.length > 0;
    const { rows: doomed } = await tx.execute<{ id: string }>(sql`
      update file_objects set doomed_at = clock_timestamp()
      where file_id = ${fileId} and part = ${part} and doomed_at is null
        and ${isPart ? sql`stored_at is not null` : sql`id = ${objectId}`} returning id`);
    if (!isPart) return { doomed: [objectId], became: whyNot[state] ?? 'nothing' };
    await tx.execute(sql`update file_objects set stored_at = clock_timestamp() where id = ${objectId}`);
    return { doomed: doomed.map(({ id }) => id), became: 'the part' };
  });
}

/** Deletes objects, then what says that they may be there. */
async function forgetObjects({ db, files }: Writing, ids: readonly string[]): Promise<void> {
  for (const id of ids) await files.store.delete(id);
  if (ids.length > 0) await db.pool.query('delete from file_objects where id = any ($1::uuid[])', [ids]);
}
