import type { FileState } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { readableFile } from '../access/readable-file.ts';
import type { Deps } from '../deps.ts';
import { storedParts } from '../file-content/stored-parts.ts';

/** Who wants to download, and with what. */
export interface Downloader {
  readonly userId: string;
  readonly sessionId: string;
  /** That of a ticket; null for a bearer, which was judged before. */
  readonly expiresAtSeconds: number | null;
}

/** What a download needs to know of a file that can be read. */
export interface Download {
  readonly id: string;
  readonly chat_id: string;
  readonly state: FileState;
  readonly size_bytes: number;
  readonly mime: string;
  readonly sealed_name: Buffer;
  readonly wrapped_key: Buffer;
  readonly object_ids: readonly string[];
}

type Found = { readonly is_live: boolean; readonly is_in_time: boolean } & (Download | { readonly id: null });

const downloadSql = `
  select exists (select from live_sessions s where s.id = $3::uuid and s.user_id = $1::uuid) as is_live,
    $4::bigint is null or to_timestamp($4::bigint) > clock_timestamp() as is_in_time,
    d.id, d.chat_id, d.state, d.size_bytes, d.mime, d.sealed_name, d.wrapped_key,
    ${storedParts('id', 'd.id')} as object_ids
  from (select) one left join lateral (${readableFile('$1', '$2')}) d on true`;

/** A file that this person can download now: session, ticket and membership are judged in the statement that reads it. */
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
