import type { FileKeys } from '@fechatter/drizzle';
import { isPicture, readContent } from '@fechatter/server/file-content';
import { type Clamd, scanContent } from '@fechatter/service-kit';
import type { JobDeps } from '../maintenance/job.ts';
import type { Picture } from '../pictures/child-output.ts';
import { pictureLimits } from '../pictures/limits.ts';
import { type Outcome, renderInChild } from '../pictures/render-in-child.ts';
import type { CheckedFile, FileCheck } from './claim-check.ts';
import { endCheck } from './end-check.ts';
import { forgetObjects, writeObjects } from './write-objects.ts';

export interface CheckDeps extends Pick<JobDeps, 'db' | 'notifier' | 'log' | 'stores'> {
  readonly fileKeys: FileKeys;
  /** Undefined: files that must be scanned are left to other workers. */
  readonly clamd?: Clamd | undefined;
}

/** A picture whose worker died is checked again. After this many deaths the picture is their likely cause. */
const ATTEMPTS_MAX = 3;
/** A picture that could not be read is served as this: it is only ever downloaded. */
const UNKNOWN = 'application/octet-stream';

/** The result of a check; `lost`: another worker has the file, or it was deleted. */
export type Checked = 'picture' | 'passed' | 'unreadable' | 'infected' | 'lost';

/** Checks a file, and ends the check. Throws if the store, the database, clamd or the process for pictures cannot be used. */
export async function checkFile(deps: CheckDeps, check: FileCheck, signal: AbortSignal): Promise<Checked> {
  const { file } = check;
  if (file === null) return lost(deps, check);
  if (check.needsScan && (await isInfected(deps, check, file, signal))) return infected(deps, check, file);
  if (!isPicture(file.mime)) return passed(deps, check, file, file.mime);
  const outcome = await rendered(deps, check, file, signal);
  if ('picture' in outcome) return become(deps, check, file, outcome.picture);
  deps.log.info({ fileId: check.fileId, failure: outcome.failure }, 'a picture cannot be read; it stays a file');
  const ended = await passed(deps, check, file, UNKNOWN);
  return ended === 'passed' ? 'unreadable' : ended;
}

/** The file is gone and needs no check. */
async function lost({ db }: CheckDeps, { fileId, lease }: FileCheck): Promise<Checked> {
  await db.pool.query('delete from file_checks where file_id = $1 and lease = $2', [fileId, lease]);
  return 'lost';
}

/** Before anything else reads it. */
async function isInfected(
  { clamd, stores, fileKeys: keys, log }: CheckDeps,
  { fileId: id }: FileCheck,
  file: CheckedFile,
  signal: AbortSignal,
): Promise<boolean> {
  if (clamd === undefined) throw new Error(`file ${id} must be scanned, and no clamd is configured`);
  const content = readContent({ stores, keys }, { id, ...file }, { start: 0, end: file.sizeBytes });
  const { signature } = await scanContent(clamd, content, { signal });
  if (signature !== undefined) log.warn({ fileId: id, signature }, 'a file is infected; it is deleted');
  return signature !== undefined;
}

async function infected(deps: CheckDeps, check: FileCheck, { chatId }: CheckedFile): Promise<Checked> {
  const doomed = await endCheck(deps, check, chatId, { became: 'infected' });
  await forgetObjects(deps, doomed ?? []).catch(() => {});
  return doomed === undefined ? 'lost' : 'infected';
}

async function rendered(
  { stores, fileKeys: keys }: CheckDeps,
  { fileId: id, attempts }: FileCheck,
  file: CheckedFile,
  signal: AbortSignal,
): Promise<Outcome> {
  if (attempts > ATTEMPTS_MAX) return { failure: 'workers die while they check it' };
  if (file.sizeBytes > pictureLimits.contentMaxBytes) return { failure: 'too large' };
  const content = readContent({ stores, keys }, { id, ...file }, { start: 0, end: file.sizeBytes });
  return renderInChild(content, { as: file.chatId === null ? 'emoji' : file.isAsFile ? 'file' : 'picture', signal });
}

/** If the transaction fails, a job deletes what was written: the transaction may have been committed after all. */
async function become(deps: CheckDeps, check: FileCheck, file: CheckedFile, picture: Picture): Promise<Checked> {
  const { fileId } = check;
  const { mime, width, height, content, thumbnail } = picture;
  const key = deps.fileKeys.unwrap(fileId, file.wrappedKey);
  const written = await writeObjects(deps, { fileId, key }, picture);
  const replaced = await endCheck(deps, check, file.chatId, {
    became: 'picture',
    mime,
    width,
    height,
    sizeBytes: file.isAsFile ? null : content.length,
    thumbnailBytes: thumbnail.length,
    objects: written,
  });
  await forgetObjects(deps, replaced ?? written).catch(() => {});
  return replaced === undefined ? 'lost' : 'picture';
}

async function passed(deps: CheckDeps, check: FileCheck, { chatId }: CheckedFile, mime: string): Promise<Checked> {
  return (await endCheck(deps, check, chatId, { became: 'passed', mime })) === undefined ? 'lost' : 'passed';
}
