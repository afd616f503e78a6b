import type { FileState } from '@fechatter/contract';
import { fileHome } from '@fechatter/drizzle';
import type { StoredObject } from '@fechatter/file-store';
import { refuse } from '@fechatter/service-kit';
import { readableFile } from '../access/readable-file.ts';
import type { Deps } from '../deps.ts';
import { storedParts, storedThumbnail } from '../file-content/stored-parts.ts';

/** Who wants to download, and with what. */
export interface Downloader {
  readonly userId: string;
  readonly sessionId: string;
  /** That of a ticket; null for a bearer, which was verified before. */
  readonly expiresAtSeconds: number | null;
}

/** What a download needs to know of a file that can be read. */
export interface Download {
  readonly id: string;
  readonly home_id: string;
  readonly state: FileState;
  readonly size_bytes: number;
  readonly mime: string;
  readonly sealed_name: Buffer;
  readonly wrapped_key: Buffer;
  readonly objects: readonly StoredObject[];
  readonly thumbnail_bytes: number;
  readonly thumbnail: StoredObject | null;
}

type Found = { readonly is_live: boolean; readonly is_in_time: boolean } & (Download | { readonly id: null });

const downloadSql = `
  select exists (select from live_sessions s where s.id = $3::uuid and s.user_id = $1::uuid) as is_live,
    $4::bigint is null or to_timestamp($4::bigint) > clock_timestamp() as is_in_time,
    d.id, d.home_id, d.state, d.size_bytes, d.mime, d.sealed_name, d.wrapped_key,
    ${storedParts('object', 'd.id')} as objects, d.thumbnail_bytes, ${storedThumbnail('d.id')} as thumbnail
  from (select) one left join lateral (select f.*, ${fileHome} as home_id from (${readableFile('$1', '$2')}) f) d on true`;

/**
 * A file that this person can download now: session, ticket and membership are checked in the statement that reads it.
 */
export async function downloadOf(
  { db }: Pick<Deps, 'db'>,
  { userId, sessionId, expiresAtSeconds }: Downloader,
  fileId: string,
): Promise<Download> {
  const { rows } = await db.pool.query<Found>({
    name: 'download',
    text: downloadSql,
    values: [userId, fileId, sessionId, expiresAtSeconds],
  });
  const [found] = rows;
  if (found?.is_live !== true || !found.is_in_time)
    throw refuse(expiresAtSeconds === null ? 'session_revoked' : 'ticket_invalid');
  if (found.id === null) throw refuse('file_not_found');
  if (found.state === 'Infected') throw refuse('file_infected');
  if (found.state !== 'Ready') throw refuse('file_not_ready');
  return found;
}
