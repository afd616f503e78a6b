import { sql, type Tx } from '@fechatter/drizzle';
import type { DoomedObject } from '@fechatter/file-store';
import { type Change, makeChange } from '@fechatter/server/change';
import type { JobDeps } from '../maintenance/job.ts';
import type { FileCheck } from './claim-check.ts';

/** The file after its check. */
export type Ending =
  /** Its content is deleted. */
  | { readonly became: 'infected' }
  /** Its content is unchanged; `mime` is the type that it is served with. */
  | { readonly became: 'passed'; readonly mime: string }
  | {
      readonly became: 'picture';
      readonly mime: string;
      readonly width: number;
      readonly height: number;
      /** Null: its content is unchanged. */
      readonly sizeBytes: number | null;
      readonly thumbnailBytes: number;
      /** The objects that were written for it. */
      readonly objects: readonly DoomedObject[];
    };

interface FileRow extends Record<string, unknown> {
  readonly state: string;
  readonly message_id: string | null;
  readonly uploader_id: string;
  readonly workspace_id: string;
  readonly is_deleted: boolean;
}

/**
 * Ends a check, and announces it to those who see the file in a chat. Returns the objects that are no longer needed; undefined if the claim was
 * lost or the file has gone, and nothing was changed.
 */
export function endCheck(
  deps: Pick<JobDeps, 'db' | 'notifier'>,
  { fileId, lease }: FileCheck,
  chatId: string | null,
  ending: Ending,
): Promise<readonly DoomedObject[] | undefined> {
  return makeChange({ deps }, async (change) => {
    const { tx } = change;
    // A send claims files under this lock, and everything that deletes a file takes it first.
    if (chatId !== null) await change.lockChats([chatId]);
    const { rows } = await tx.execute<FileRow>(sql`
      select f.state, f.message_id, f.uploader_id, f.workspace_id, c.deleted_at is not null as is_deleted
      from files f left join chats c on c.id = f.chat_id where f.id = ${fileId} for no key update of f`);
    const { rowCount } = await tx.execute(sql`delete from file_checks where file_id = ${fileId} and lease = ${lease}`);
    const [file] = rows;
    if (rowCount !== 1 || file?.state !== 'Scanning' || file.is_deleted) return undefined;
    const replaced = await replaceObjects(tx, fileId, ending);
    if (replaced === undefined) throw new Error(`what was written for file ${fileId} is not there any more`);
    await setFile(tx, fileId, file.workspace_id, ending);
    if (ending.became === 'infected') noteInfected(change, { fileId, chatId, file });
    // Only its uploader waits for the picture of an emoji, and polls its state.
    if (chatId !== null) await announce(change, { fileId, chatId, file });
    return replaced;
  });
}

/** Replaces the objects of the file by those that were written. Undefined if these were given up meanwhile. */
async function replaceObjects(tx: Tx, fileId: string, ending: Ending): Promise<readonly DoomedObject[] | undefined> {
  const written = ending.became === 'picture' ? ending.objects.map(({ id }) => id) : [];
  const isReplaced = ending.became === 'infected' || (ending.became === 'picture' && ending.sizeBytes !== null);
  const { rows: doomed } = await tx.execute<DoomedObject>(sql`
    update file_objects set doomed_at = clock_timestamp()
    where ${isReplaced} and file_id = ${fileId} and stored_at is not null and doomed_at is null
    returning id, store, other_store as "otherStore"`);
  const { rowCount } = await tx.execute(sql`
    update file_objects set stored_at = clock_timestamp()
    where id = any (${sql.param(written)}::uuid[]) and doomed_at is null`);
  return rowCount === written.length ? doomed : undefined;
}

/** The usage of the workspace is locked last, as where an upload begins. A picture is never refused for its new size. */
async function setFile(tx: Tx, fileId: string, workspaceId: string, ending: Ending): Promise<void> {
  if (ending.became === 'passed') {
    await tx.execute(sql`update files set state = 'Ready', mime = ${ending.mime} where id = ${fileId}`);
    return;
  }
  const { rows } = await tx.execute<{ grown: string }>(
    ending.became === 'infected' ? emptied(fileId) : become(fileId, ending),
  );
  const grown = Number(rows[0]?.grown ?? 0);
  await tx.execute(sql`update file_usage set bytes = bytes + ${grown} where workspace_id = ${workspaceId}`);
}

/** Nothing of it is left but its name. */
const emptied = (fileId: string) => sql`
  with before as materialized (select size_bytes from files where id = ${fileId})
  update files f set state = 'Infected', size_bytes = 0, wrapped_key = null
  from before where f.id = ${fileId} returning -before.size_bytes as grown`;

function become(
  fileId: string,
  { mime, width, height, sizeBytes, thumbnailBytes }: Extract<Ending, { became: 'picture' }>,
) {
  return sql`
    with before as materialized (select size_bytes from files where id = ${fileId})
    update files f set state = 'Ready', mime = ${mime}, width = ${width}, height = ${height},
      size_bytes = coalesce(${sizeBytes}::bigint, f.size_bytes), has_thumbnail = true, thumbnail_bytes = ${thumbnailBytes}
    from before where f.id = ${fileId} returning f.size_bytes - before.size_bytes + f.thumbnail_bytes as grown`;
}

interface Checked<ChatId = string> {
  readonly fileId: string;
  readonly chatId: ChatId;
  readonly file: FileRow;
}

function noteInfected(change: Change, { fileId, chatId, file }: Checked<string | null>): void {
  const { workspace_id: workspaceId, uploader_id: userId } = file;
  const details = { ...(chatId !== null && { chatId }), fileIds: [fileId] };
  change.note('file.infected', { workspaceId, userId, details });
}

/** Those who see its message; its uploader alone, if it was not sent. */
async function announce(change: Change, { fileId, chatId, file }: Checked): Promise<void> {
  const { message_id: messageId, uploader_id: uploaderId } = file;
  if (messageId === null) {
    change.announceToUser(uploaderId, 'file.updated', { chatId }, { subjectId: fileId, facts: {} });
    return;
  }
  const version = change.announceInChat(chatId, 'file.updated', { subjectId: fileId, facts: { messageId } });
  await change.tx.execute(sql`update messages set version = ${version} where id = ${messageId}`);
}
