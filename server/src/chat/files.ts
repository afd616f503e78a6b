import { ChatFiles, ChatFilesInput, Id } from '@fechatter/contract';
import { fileJson, fileOf, type FoundFile } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { readableChat } from '../access/readable-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { pagesOf } from '../page-cursor.ts';

interface Row {
  readonly id: string;
  readonly file: FoundFile;
  readonly message_id: string;
  readonly thread_id: string | null;
}

/** Ids are in the order of time. */
const pages = pagesOf('chat.files', Id, ({ id }: Row) => id);

const filesSql = `
  with scope as materialized (${readableChat('$1', '$2')})
  select p.* from scope left join lateral (
    select f.id, ${fileJson} as file, f.message_id, m.thread_id
    from files f
    cross join lateral (select thread_id from messages where id = f.message_id and deleted_at is null limit 1) m
    where f.chat_id = $2::uuid and f.message_id is not null and f.state <> 'Gone' and ($4::uuid is null or f.id < $4::uuid)
      and ($3::text is null or $3::text = case
        when split_part(f.mime, '/', 1) in ('image', 'video', 'audio') then split_part(f.mime, '/', 1) else 'other' end)
    order by f.id desc limit $5) p on true
  order by p.id desc`;

export const files = inChat('chat.read', 'read')
  .input(ChatFilesInput)
  .output(ChatFiles)
  .meta({
    openapi: {
      method: 'GET',
      path: '/chats/{chat_id}/files',
      summary: 'List the files of a chat',
      description: 'Those of its messages and replies, the latest uploaded first; with `kind` only those of that kind.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'invalid_cursor'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { chatId, kind, limit, cursor } }) => {
    const { rows } = await deps.db.pool.query<Row | { id: null }>({
      name: 'chat-files',
      text: filesSql,
      values: [principal.userId, chatId, kind ?? null, pages.place(cursor) ?? null, pages.rowsOf(limit)],
    });
    if (rows[0] === undefined) throw refuse('chat_not_found');
    const found = rows.filter((row): row is Row => row.id !== null);
    const { page, nextCursor } = pages.cut(found, limit);
    const shown = page.map(({ id, file, message_id: messageId, thread_id: threadId }) => {
      const onUnreadable = (err: unknown) =>
        deps.log.error({ err, fileId: id }, 'the name of a file cannot be decrypted');
      return { file: fileOf(file, chatId, deps.cipher, onUnreadable), messageId, threadId };
    });
    return { files: shown, nextCursor };
  });
