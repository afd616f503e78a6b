import { type File, partCountOf } from '@fechatter/contract';
import { inTransaction, sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { Deps } from '../deps.ts';
import { mediaTypeOf, SNIFFED_BYTES } from '../file-content/media-type.ts';
import { readContent, type StoredFile } from '../file-content/read-content.ts';
import { storedParts } from '../file-content/stored-parts.ts';
import { storeRefusal } from '../file-content/store-refusal.ts';
import { readFile } from './read-file.ts';

type Finishing = Pick<Deps, 'db' | 'cipher' | 'config' | 'files' | 'log'>;

interface Upload {
  readonly state: string;
  readonly size_bytes: number;
  readonly mime: string;
  readonly wrapped_key: Buffer;
  readonly object_ids: readonly string[];
  readonly parts: readonly number[];
  readonly is_over_quota: boolean;
}

/** A part can be replaced while the file is being looked at; more often than so somebody plays. */
const ATTEMPTS_MAX = 5;
const MISSING_TOLD_MAX = 20;

/**
 * Ends the upload of a file of this person: its parts are all there, and what its first bytes are is known. Finished
 * again, it is as it is.
 */
export async function finishFile(deps: Finishing, userId: string, fileId: string): Promise<File> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const upload = await uploadOf(deps, userId, fileId);
    if (upload === undefined) throw refuse('file_not_found');
    if (upload.state === 'Uploading' && !(await endUpload(deps, fileId, upload))) continue;
    const found = await readFile(deps, userId, fileId);
    if (found === undefined) throw refuse('file_not_found');
    return found.file;
  }
  throw refuse('busy');
}

async function uploadOf({ db, config }: Finishing, userId: string, fileId: string): Promise<Upload | undefined> {
  const { rows } = await db.pool.query<Upload>({
    name: 'upload-to-finish',
    text: `
      select f.state, f.size_bytes, f.mime, f.wrapped_key,
        ${storedParts('id', 'f.id')} as object_ids, ${storedParts('part', 'f.id')} as parts,
        $3::bigint > 0 and (select u.bytes > $3::bigint from file_usage u where u.workspace_id = f.workspace_id) as is_over_quota
      from files f
      where f.id = $1::uuid and f.uploader_id = $2::uuid and f.state <> 'Gone'
        and (f.expires_at is null or f.expires_at > clock_timestamp())`,
    values: [fileId, userId, config.files.workspaceMaxBytes],
  });
  return rows[0];
}

/** False: its parts are not those any more that were looked at. */
async function endUpload({ db, files }: Finishing, fileId: string, upload: Upload): Promise<boolean> {
  const { size_bytes: sizeBytes, wrapped_key: wrappedKey, object_ids: objectIds, parts } = upload;
  const there = new Set(parts);
  const missing = Array.from({ length: partCountOf(sizeBytes) }, (_, index) => index + 1).filter((n) => !there.has(n));
  if (missing.length > 0)
    throw refuse('file_not_ready', { message: `Parts are missing: ${missing.slice(0, MISSING_TOLD_MAX).join(', ')}.` });
  // What had begun counts: only where the quota was lowered since, the file is too much.
  if (upload.is_over_quota) throw refuse('quota_exceeded');
  const mime = await sniffed(files, { id: fileId, sizeBytes, wrappedKey, objectIds }, upload.mime);
  const { rowCount } = await inTransaction(db, async (tx) => {
    // In a statement of its own: the next one sees the parts that were marked while this one waited.
    await tx.execute(sql`select from files where id = ${fileId} for no key update`);
    return tx.execute(sql`
      update files f set state = 'Ready', mime = ${mime}
      where f.id = ${fileId} and f.state = 'Uploading'
        and ${sql.param(objectIds)}::uuid[] = ${sql.raw(storedParts('id', 'f.id'))}`);
  });
  return rowCount === 1;
}

async function sniffed(files: Deps['files'], file: StoredFile, declared: string): Promise<string> {
  const beginning: Buffer[] = [];
  try {
    const range = { start: 0, end: Math.min(SNIFFED_BYTES, file.sizeBytes) };
    for await (const chunk of readContent(files, file, range)) beginning.push(chunk);
  } catch (error) {
    throw storeRefusal(error);
  }
  return mediaTypeOf(Buffer.concat(beginning), declared);
}
