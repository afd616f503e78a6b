import { type FileBegin, limits, partCountOf } from '@fechatter/contract';
import { inTransaction, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { authorizeChat } from '../access/authorize-chat.ts';
import { authorizeWorkspace } from '../access/authorize-workspace.ts';
import { mustBeActive } from '../access/must-be-active.ts';
import type { Deps } from '../deps.ts';
import { takeRoom } from '../file-content/take-room.ts';

const UNKNOWN = 'application/octet-stream';

/**
 * Records a file that is going to be uploaded, for a person who may send in the chat, or give the workspace an emoji. Its size
 * counts from now on; both quotas are exact, also with concurrent uploads.
 */
export async function beginFile(
  { db, cipher, config, files }: Pick<Deps, 'db' | 'cipher' | 'config' | 'files'>,
  userId: string,
  { chatId, workspaceId = '', name, size, mime = UNKNOWN, asFile = false }: z.infer<typeof FileBegin>,
) {
  const { fileMaxBytes, workspaceMaxBytes } = config.files;
  const maxBytes = chatId === undefined ? limits.emojiMaxBytes : fileMaxBytes;
  const fileId = uuidv7();
  const expiresAt = await inTransaction(db, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('files:' || ${userId}, 0))`);
    await mustBeActive(tx, userId);
    if (chatId === undefined) await authorizeWorkspace(tx, userId, workspaceId, 'emoji.manage');
    else await mustSend(tx, userId, chatId);
    if (size > maxBytes) throw refuse('file_too_large', { message: `Such a file has at most ${maxBytes} bytes here.` });
    await checkUnsent(tx, userId, size);
    const { rows } = await tx.execute<{ expires_at: Date; workspace_id: string }>(sql`
      insert into files (id, workspace_id, chat_id, uploader_id, size_bytes, mime, is_as_file, sealed_name, wrapped_key, expires_at)
      select ${fileId}, h.workspace_id, ${chatId ?? null}::uuid, ${userId}, ${size}, ${mime}, ${asFile && chatId !== undefined},
        ${cipher.seal(chatId ?? workspaceId, fileId, name)}, ${files.keys.wrap(fileId, files.keys.make())},
        clock_timestamp() + make_interval(secs => ${limits.unsentFileSeconds})
      from ${chatId === undefined ? sql`workspace_heads h where h.workspace_id = ${workspaceId}` : sql`chat_heads h where h.chat_id = ${chatId}`}
      returning expires_at, workspace_id`);
    const [begun] = rows;
    if (begun === undefined) throw new Error('a file was begun where there is no head');
    await takeRoom(tx, begun.workspace_id, size, workspaceMaxBytes);
    return begun.expires_at;
  });
  return { fileId, partSize: limits.filePartBytes, partCount: partCountOf(size), expiresAt };
}

async function mustSend(tx: Tx, userId: string, chatId: string): Promise<void> {
  const { isMember } = await authorizeChat(tx, userId, chatId, 'message.send');
  if (!isMember) throw refuse('not_a_member');
}

/** What one person begins and does not send must leave room in the workspace for the others. */
async function checkUnsent(tx: Tx, userId: string, sizeBytes: number): Promise<void> {
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
