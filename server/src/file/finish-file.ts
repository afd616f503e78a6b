import { type File, partCountOf } from '@fechatter/contract';
import { inTransaction, sql } from '@fechatter/drizzle';
import type { StoredObject } from '@fechatter/file-store';
import { refuse } from '@fechatter/service-kit';
import type { Deps } from '../deps.ts';
import { isPicture } from '../file-content/media-type.ts';
import { sniffedType } from '../file-content/sniffed-type.ts';
import { storedParts } from '../file-content/stored-parts.ts';
import { readFile } from './read-file.ts';

type Finishing = Pick<Deps, 'db' | 'cipher' | 'config' | 'files' | 'log'>;

interface Upload {
  readonly state: string;
  readonly size_bytes: number;
  readonly mime: string;
  readonly wrapped_key: Buffer;
  readonly objects: readonly StoredObject[];
  readonly parts: readonly number[];
  readonly is_over_quota: boolean;
}

/** A part can be replaced while the file is being checked; more replacements than this are abuse. */
const ATTEMPTS_MAX = 5;
const MISSING_TOLD_MAX = 20;

/**
 * Ends the upload of a file of this person: all its parts are there, and its type is read from its first bytes. A worker
 * then checks a picture and, if ClamAV is configured, every file. Finishing it again changes nothing.
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
        ${storedParts('object', 'f.id')} as objects, ${storedParts('part', 'f.id')} as parts,
        $3::bigint > 0 and (select u.bytes > $3::bigint from file_usage u where u.workspace_id = f.workspace_id) as is_over_quota
      from files f
      where f.id = $1::uuid and f.uploader_id = $2::uuid and f.state <> 'Gone'
        and (f.expires_at is null or f.expires_at > clock_timestamp())`,
    values: [fileId, userId, config.files.workspaceMaxBytes],
  });
  return rows[0];
}

/** False: a part was replaced after it was checked. */
async function endUpload({ db, files }: Finishing, fileId: string, upload: Upload): Promise<boolean> {
  const { size_bytes: sizeBytes, wrapped_key: wrappedKey, objects, parts } = upload;
  const there = new Set(parts);
  const missing = Array.from({ length: partCountOf(sizeBytes) }, (_, index) => index + 1).filter((n) => !there.has(n));
  if (missing.length > 0)
    throw refuse('file_not_ready', { message: `Parts are missing: ${missing.slice(0, MISSING_TOLD_MAX).join(', ')}.` });
  // The file was counted when it began: it is over the quota only if that was lowered since.
  if (upload.is_over_quota) throw refuse('quota_exceeded');
  const mime = await sniffedType(files, { id: fileId, sizeBytes, wrappedKey, objects }, upload.mime);
  const needsScan = files.areScanned && sizeBytes > 0;
  const state = isPicture(mime) || needsScan ? 'Scanning' : 'Ready';
  return inTransaction(db, async (tx) => {
    // In a statement of its own: the next one sees the parts that were marked while this one waited.
    await tx.execute(sql`select from files where id = ${fileId} for no key update`);
    const { rowCount } = await tx.execute(sql`
      update files f set state = ${state}, mime = ${mime}
      where f.id = ${fileId} and f.state = 'Uploading'
        and ${sql.param(objects.map(({ id }) => id))}::uuid[] = ${sql.raw(storedParts('id', 'f.id'))}`);
    if (rowCount === 1 && state === 'Scanning')
      await tx.execute(sql`insert into file_checks (file_id, needs_scan) values (${fileId}, ${needsScan})`);
    return rowCount === 1;
  });
}
