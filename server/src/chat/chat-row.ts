import type { ChatRow, ChatType, Role } from '@fechatter/contract';
import { contentOf } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { Deps } from '../deps.ts';
import { readableChat } from '../access/readable-chat.ts';

/** A chat as one person sees it, as SQL returns it. */
export interface SeenChat {
  id: string;
  name: string;
  chat_type: ChatType;
  workspace_id: string;
  version: number;
  created_at: Date;
  updated_at: Date;
  role: Role | null;
  other_user_id: string | null;
  last_seq: number;
  last_number: number;
  last_read_seq: number;
  last_read_number: number;
  message_id: string | null;
  message_number: number;
  message_body: Buffer | null;
  message_created_at: Date;
  message_deleted_at: Date | null;
  sender_id: string;
  sender_name: string;
}

/**
 * What `$1` sees of chats `c` with their membership `m` (null: who only reads has nothing unread). A Single chat is
 * called what the other is called.
 */
export const seenColumns = `
  c.id, coalesce(other.full_name, c.name) as name, c.chat_type, c.workspace_id, c.version, c.created_at, c.updated_at, m.role,
  other.id as other_user_id,
  h.last_seq, h.last_number,
  coalesce(m.last_read_seq, h.last_seq) as last_read_seq, coalesce(m.last_read_number, h.last_number) as last_read_number,
  newest.id as message_id, newest.number as message_number, newest.body as message_body,
  newest.created_at as message_created_at, newest.deleted_at as message_deleted_at, newest.sender_id, sender.full_name as sender_name`;
export const seenJoins = `
  join chat_heads h on h.chat_id = c.id
  left join users other on other.id = case when c.single_low = $1 then c.single_high else c.single_low end
  left join lateral (
    select x.id, x.number, x.body, x.created_at, x.deleted_at, x.sender_id
    from messages x where x.chat_id = c.id order by x.seq desc limit 1) newest on true
  left join users sender on sender.id = newest.sender_id`;

export function chatRowOf(row: SeenChat, { cipher, log }: Deps): ChatRow {
  return {
    id: row.id,
    name: row.name,
    chatType: row.chat_type,
    workspaceId: row.workspace_id,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    role: row.role,
    otherUserId: row.other_user_id,
    lastMessage:
      row.message_id === null
        ? null
        : {
            id: row.message_id,
            number: row.message_number,
            content: contentOf({ id: row.message_id, chat_id: row.id, body: row.message_body }, cipher, (err) =>
              log.error({ err, chatId: row.id, messageId: row.message_id }, 'a message cannot be decrypted'),
            ),
            senderId: row.sender_id,
            senderName: row.sender_name,
            createdAt: row.message_created_at,
            deletedAt: row.message_deleted_at,
          },
    unreadCount: row.last_number - row.last_read_number,
    lastSeq: row.last_seq,
    lastNumber: row.last_number,
    lastReadSeq: row.last_read_seq,
    lastReadNumber: row.last_read_number,
  };
}

const readSql = `
  with scope as materialized (${readableChat('$1', '$2')})
  select ${seenColumns}
  from scope join chats c on c.id = scope.chat_id
  left join chat_members m on m.chat_id = c.id and m.user_id = $1 and m.left_seq is null ${seenJoins}`;

/** What a chat is now, for someone who may see it. */
export async function readChat(deps: Deps, userId: string, chatId: string): Promise<ChatRow> {
  const { rows } = await deps.db.pool.query<SeenChat>({ name: 'chat-get', text: readSql, values: [userId, chatId] });
  if (rows[0] === undefined) throw refuse('chat_not_found');
  return chatRowOf(rows[0], deps);
}
