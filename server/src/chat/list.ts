import { ChatList, ChatListInput, decodeCursor, encodeCursor } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { NIL } from 'uuid';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { authed } from '../procedures.ts';
import { isNearEnd } from '../remembered/is-near-end.ts';
import type { ReadChatList } from '../remembered/remembered.ts';
import { pagesOf } from '../page-cursor.ts';
import { chatRowOf, type SeenChat, seenColumns, seenJoins } from './chat-row.ts';

type ListedChat = SeenChat & { event_cursor: string };
type Row = { pos: number; nonce: number; is_in_workspace: boolean } & (SeenChat | { id: null });

/**
 * All pages carry the event cursor of the first one: events after it bring all changes since, whatever later pages
 * showed.
 */
const pages = pagesOf(
  'chats',
  z.tuple([z.uuid(), z.string().refine((token) => decodeCursor(token) !== undefined)]),
  (row: ListedChat): [string, string] => [row.id, row.event_cursor],
);

// One statement is one snapshot, so the cursor is not newer than any chat. The page is limited before anything is
// looked up.
export const chatListSql = `
  with place as materialized (
    select l.pos, l.nonce, $2::uuid is null or exists (
      select 1 from live_workspace_members w where w.user_id = $1 and w.workspace_id = $2) as is_in_workspace
    from log_order l order by l.pos desc limit 1),
  mine as materialized (
    select m.chat_id, m.role, m.last_read_seq, m.last_read_number, m.mark_version, m.mark_seq,
      m.notify_level, m.muted_until
    from live_chat_members m
    join chats c on c.id = m.chat_id and c.deleted_at is null
    join live_workspace_members w on w.user_id = $1 and w.workspace_id = c.workspace_id
    where m.user_id = $1 and m.chat_id > $3 and ($2::uuid is null or c.workspace_id = $2)
    order by m.chat_id limit $4)
  select place.*, k.* from place left join (
    select ${seenColumns} from mine m join chats c on c.id = m.chat_id ${seenJoins}) k on true
  order by k.id`;

export const list = authed('read')
  .input(ChatListInput)
  .output(ChatList)
  .meta({
    keyPermission: 'chat.read',
    openapi: {
      method: 'GET',
      path: '/chats',
      summary: 'List your chats',
      description:
        'The chats that you are in, of one workspace or of all, in a fixed order, each with its newest message and ' +
        'its unread count. Follow events from `event_cursor` on to miss nothing that happened after this list.',
      tags: ['chat'],
      refusals: ['workspace_not_found', 'invalid_cursor'],
    },
  })
  .query(({ ctx: { deps, principal, isFreshWanted }, input: { workspaceId, limit, cursor } = {} }) => {
    const { userId } = principal;
    const read = () => readPage(deps, userId, { workspaceId, limit, cursor });
    // Later pages carry the event cursor of the first one, so only that one can be older.
    if (cursor !== undefined) return read();
    return deps.remembered.chatLists.read({
      key: JSON.stringify([userId, workspaceId, limit]),
      about: [userId],
      isFreshWanted,
      isUsable: ({ eventCursor }) => isNearEnd(deps.db.pool, eventCursor),
      read,
    });
  });

async function readPage(
  deps: Deps,
  userId: string,
  { workspaceId, limit, cursor }: NonNullable<z.infer<typeof ChatListInput>>,
): Promise<ReadChatList> {
  const [after, firstEventCursor] = pages.place(cursor) ?? [NIL, undefined];
  const { rows } = await deps.db.pool.query<Row>({
    name: 'chat-list',
    text: chatListSql,
    values: [userId, workspaceId ?? null, after, pages.rowsOf(limit)],
  });
  const [first] = rows;
  if (first === undefined) throw new Error('the log has no beginning: run the migrations');
  if (!first.is_in_workspace) throw refuse('workspace_not_found');
  const eventCursor = firstEventCursor ?? encodeCursor({ pos: first.pos, nonce: first.nonce });
  const listed = rows.filter((row) => row.id !== null).map((row) => ({ event_cursor: eventCursor, ...row }));
  const { page, nextCursor } = pages.cut(listed, limit);
  return { chats: page.map((row) => chatRowOf(row, deps)), nextCursor, eventCursor };
}
