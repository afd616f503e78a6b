import { emptyOfMessage, NIL_ID, notEmpty, UNREADABLE, type WireMessage } from '@fechatter/contract';
import { eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { MessageCipher } from '../message-cipher.ts';
import { messageText, type MessageText } from '../sealed-text.ts';
import { type MessageParts, messages, users } from '../schema.ts';
import type { Tx } from '../transaction.ts';
import { fileOf, filesOfMessage, type FoundFile } from './file.ts';
import { columnList, type Columns, type RowOf } from './columns.ts';
import { lookUp } from './look-up.ts';
import type { NounSource } from './noun.ts';
import { type FoundThread, threadOfRoot, threadSummary, threadSummaryOf } from './thread.ts';

/** The alias of messages in {@link selectMessages}, for conditions. */
export const messageTable = alias(messages, 'm');
const m = messageTable;
const s = alias(users, 's');

const columns = {
  id: m.id,
  chat_id: m.chatId,
  seq: m.seq,
  number: m.number,
  version: m.version,
  client_id: m.clientId,
  body: m.body,
  created_at: m.createdAt,
  edited_at: m.editedAt,
  deleted_at: m.deletedAt,
  sender_id: m.senderId,
  sender_kind: s.kind,
  sender_name: s.fullName,
  sender_avatar_url: s.avatarUrl,
  sender_account_id: s.accountId,
  parts: m.parts,
  thread_id: m.threadId,
} as const satisfies Columns;

/** A message with its sender, as SQL returns it. */
export type MessageRow = RowOf<typeof columns> & {
  readonly thread: FoundThread | null;
  readonly files: readonly FoundFile[] | null;
};
/** The same for one reader, with the keys that differ by reader and that events do not show. */
export type ReadMessageRow = MessageRow & { readonly own: Own | null };
/** The keys of a message that differ by reader. */
interface Own {
  readonly myReactions: readonly string[];
  readonly isSaved: boolean;
}

/** The columns of a message, for `from messages m` and {@link messageJoins}. */
export const messageColumns = `${columnList(columns)}, ${threadOfRoot} as thread, ${filesOfMessage} as files`;
/**
 * The same with the keys that differ by reader, whose id is a parameter or a column: a {@link ReadMessageRow}. A plain
 * message costs one look-up of its parts.
 */
export const messageColumnsFor = (userId: `$${number}` | `${string}.${string}`): string =>
  `${messageColumns}, ${ownAround.join(`${userId}::uuid`)} as own`;
/**
 * An {@link Own}, split around the reader's id, which occurs twice. It is one column, because each column costs on both
 * sides of the wire.
 */
const ownAround = [
  `case when m.parts ?| '{reactions,saved}' then jsonb_build_object(
    'myReactions', array(select r.emoji from reactions r where r.message_id = m.id and r.user_id = `,
  ` order by r.seq),
    'isSaved', exists (select from saved_messages k where k.message_id = m.id and k.user_id = `,
  ')) end',
] as const;
const sender = {
  table: 'users',
  as: 's',
  where: 'id = m.sender_id',
  reads: ['kind', 'full_name', 'avatar_url', 'account_id'],
};
/** The joins for what a message shows in addition. */
export const messageJoins = lookUp(sender);

/** The same for the query builder, in a transaction, for one reader. */
export const selectMessages = (tx: Tx, userId: string) =>
  tx
    .select({
      ...columns,
      thread: sql<FoundThread | null>`${sql.raw(threadOfRoot)}`,
      files: sql<FoundFile[] | null>`${sql.raw(filesOfMessage)}`,
      own: sql<Own | null>`${sql.join(
        ownAround.map((text) => sql.raw(text)),
        sql`${userId}::uuid`,
      )}`,
    })
    .from(m)
    .innerJoin(s, eq(s.id, m.senderId));

/** The noun of a row. A deleted message has empty content; empty keys are left out. */
export function messageOf(
  row: MessageRow | ReadMessageRow,
  cipher: MessageCipher,
  onUnreadable: (error: unknown) => void,
): WireMessage {
  const { content, data } = textOf(row, cipher, onUnreadable);
  return {
    id: row.id,
    chatId: row.chat_id,
    seq: row.seq,
    number: row.number,
    version: row.version,
    clientId: row.client_id,
    content,
    sender: senderOf(row),
    createdAt: row.created_at,
    editedAt: row.edited_at,
    deletedAt: row.deleted_at,
    ...(row.thread_id !== null && { threadId: row.thread_id }),
    ...(row.thread !== null && { thread: threadSummaryOf(row.thread) }),
    ...(row.parts !== null && partsOf(row.parts, 'own' in row ? row.own : null)),
    ...(row.files && { files: row.files.map((file) => fileOf(file, row.chat_id, cipher, onUnreadable)) }),
    ...(data !== null && { data }),
  };
}

const senderOf = (row: MessageRow): WireMessage['sender'] => ({
  id: row.sender_id,
  kind: row.sender_kind,
  name: row.sender_name,
  avatarUrl: row.sender_avatar_url,
  ...(row.sender_account_id !== null && { accountId: row.sender_account_id }),
});

const partsOf = ({ reactions = [], mentions, pinnedAt, quotedId }: MessageParts, own: Own | null) =>
  notEmpty(
    {
      reactions: [...reactions],
      mentions: mentions ?? null,
      pinnedAt: pinnedAt === undefined ? null : new Date(pinnedAt),
      quotedId: quotedId ?? null,
      myReactions: [...(own?.myReactions ?? [])],
      isSaved: own?.isSaved ?? false,
    },
    emptyOfMessage,
  );

/** The content of a row, empty if it was deleted. */
export const contentOf = (
  row: Pick<MessageRow, 'id' | 'chat_id' | 'body'>,
  cipher: MessageCipher,
  onUnreadable: (error: unknown) => void,
): string => textOf(row, cipher, onUnreadable).content;

function textOf(
  { id, chat_id: chatId, body }: Pick<MessageRow, 'id' | 'chat_id' | 'body'>,
  cipher: MessageCipher,
  onUnreadable: (error: unknown) => void,
): MessageText {
  if (body === null) return NO_TEXT;
  try {
    return messageText(cipher.open(chatId, id, body));
  } catch (error) {
    onUnreadable(error);
    return UNREADABLE_TEXT;
  }
}

const NO_TEXT: MessageText = { content: '', data: null };
const UNREADABLE_TEXT: MessageText = { content: UNREADABLE, data: null };

export const messageSource: NounSource<'message', MessageRow> = {
  reference: 'subjectId',
  table: 'messages',
  as: 'm',
  joins: [sender],
  columns,
  fromLog: { chat_id: 'chatId' },
  // For events, also for replies.
  others: {
    thread: threadSummary("m.thread_id is not null or m.parts ? 'thread'", 'coalesce(m.thread_id, m.id)'),
    files: filesOfMessage,
  },
  isInline: true,
  bytes: 'coalesce(octet_length(m.body), 0)',
  bytesOf: ({ body }) => body?.length ?? 0,
  show: (row, { cipher, onUnreadable }) => messageOf(row, cipher, onUnreadable),
  standIn: ({ subjectId, chatId, chatSeq, createdAt }) => ({
    id: subjectId ?? NIL_ID,
    chatId: chatId ?? NIL_ID,
    seq: chatSeq ?? 0,
    number: 0,
    version: chatSeq ?? 0,
    clientId: NIL_ID,
    content: '',
    sender: { id: NIL_ID, kind: 'Person', name: UNREADABLE, avatarUrl: null },
    createdAt,
    editedAt: null,
    deletedAt: createdAt,
  }),
  uses: ({ chat_id: chatId, sender_id: senderId, thread_id: threadId }) => [
    ['chat', chatId],
    ['user', senderId],
    ...(threadId === null ? [] : [['message', threadId] as const]),
  ],
};
