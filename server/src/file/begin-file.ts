import { type FileBegin, limits, partCountOf } from '@fechatter/contract';
import { inTransaction, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { authorizeChat } from '../access/authorize-chat.ts';
import { mustBeActive } from '../access/must-be-active.ts';
import type { Deps } from '../deps.ts';

const UNKNOWN = 'application/octet-stream';

/**
 * Writes a file down that is going to be uploaded, for a person who may send in the chat. Its size counts from now on;
 * both quotas are exact, whatever begins at the same time.
 */
export async function beginFile(
  { db, cipher, config, files }: Pick<Deps, 'db' | 'cipher' | 'config' | 'files'>,
  userId: string,
  { chatId, name, size, mime = UNKNOWN, asFile = false }: z.infer<typeof FileBegin>,
) {
  const { fileMaxBytes, workspaceMaxBytes } = config.files;
  const fileId = uuidv7();
  const expiresAt = await inTransaction(db, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('files:' || ${userId}, 0))`);
    await mustBeActive(tx, userId);
    const { isMember } = await authorizeChat(tx, userId, chatId, 'message.send');
    if (!isMember) throw refuse('not_a_member');
    if (size > fileMaxBytes)
      throw refuse('file_too_large', { message: `A file has at most ${fileMaxBytes} bytes here.` });
    await judgeUnsent(tx, userId, size);
    const { rows } = await tx.execute<{ expires_at: Date }>(sql`
      insert into files (id, workspace_id, chat_id, uploader_id, size_bytes, mime, is_as_file, sealed_name, wrapped_key, expires_at)
      select ${fileId}, h.workspace_id, h.chat_id, ${userId}, ${size}, ${mime}, ${asFile},
        ${cipher.seal(chatId, fileId, name)}, ${files.keys.wrap(fileId, files.keys.make())},
        clock_timestamp() + make_interval(secs => ${limits.unsentFileSeconds})
      from chat_heads h where h.chat_id = ${chatId} returning expires_at`);
    await takeRoom(tx, chatId, size, workspaceMaxBytes);
    return rows[0]?.expires_at ?? new Date(0);
  });
  return { fileId, partSize: limits.filePartBytes, partCount: partCountOf(size), expiresAt };
}

/** What one person begins and does not send must leave room in the workspace for the others. */
async function judgeUnsent(tx: Tx, userId: string, sizeBytes: number): Promise<void> {
  const { rows } = await tx.execute<{ count: number; bytes: string }>(sql`
    select count(*)::int as count, coalesce(sum(size_bytes), 0) as bytes from files
    where uploader_id = ${userId} and message_id is null and state <> 'Gone' and expires_at > clock_timestamp()`);
  const { count = 0, bytes = '0' } = rows[0] ?? {};
  if (count >= limits.unsentFilesMax)
    throw refuse('quota_exceeded', { message: `You have ${limits.unsentFilesMax} files that you have not sent.` });
  if (count === 0 || Number(bytes) + sizeBytes <= limits.unsentFilesMaxBytes) return;
  const message = `The files that you have not sent have at most ${limits.unsentFilesMaxBytes} bytes together.`;
  throw refuse('quota_exceeded', { message });
}

/** The last lock of the transaction: everyone who uploads in the workspace takes it. */
async function takeRoom(tx: Tx, chatId: string, sizeBytes: number, maxBytes: number): Promise<void> {
  const { rows } = await tx.execute(sql`
    insert into file_usage as u (workspace_id, bytes)
    select h.workspace_id, ${sizeBytes}::bigint from chat_heads h
    where h.chat_id = ${chatId} and (${maxBytes}::bigint = 0 or ${sizeBytes}::bigint <= ${maxBytes}::bigint)
    on conflict (workspace_id) do update set bytes = u.bytes + excluded.bytes
    where ${maxBytes}::bigint = 0 or u.bytes + excluded.bytes <= ${maxBytes}::bigint returning 1`);
  if (rows.length === 0)
    throw refuse('quota_exceeded', { message: `The files of this workspace have at most ${maxBytes} bytes together.` });
}
