import { type Chat, NIL_ID, UNREADABLE } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import { chats } from '../schema.ts';
import { columnList, type Columns, type RowOf } from './columns.ts';
import type { NounSource } from './noun.ts';

const c = alias(chats, 'c');

const columns = {
  id: c.id,
  name: c.name,
  chat_type: c.chatType,
  workspace_id: c.workspaceId,
  topic: c.topic,
  who_posts: c.whoPosts,
  archived_at: c.archivedAt,
  version: c.version,
  created_at: c.createdAt,
  updated_at: c.updatedAt,
} as const satisfies Columns;
const { name: _, ...nameless } = columns;

/** The columns of a chat, for `from chats c`. */
export const chatColumns = columnList(columns);
/** The same without the name, for a Single chat, which has the other person's. */
export const namelessChatColumns = columnList(nameless);
/** A chat as SQL returns it. */
export type ChatColumns = RowOf<typeof columns>;

export const chatOf = (row: ChatColumns): Chat => ({
  id: row.id,
  name: row.name,
  chatType: row.chat_type,
  workspaceId: row.workspace_id,
  topic: row.topic,
  whoPosts: row.who_posts,
  archivedAt: row.archived_at,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** A chat as the log reads it. */
export interface FoundChat extends ChatColumns {
  /** Only in Single chats: the chat's name for each of its two members, by user id. */
  readonly names: Readonly<Record<string, string>> | null;
}

export const chatSource: NounSource<'chat', FoundChat> = {
  reference: 'chatId',
  table: 'chats',
  as: 'c',
  joins: [
    { table: 'users', as: 'low', where: 'id = c.single_low', reads: ['full_name'] },
    { table: 'users', as: 'high', where: 'id = c.single_high', reads: ['full_name'] },
  ],
  columns,
  others: {
    names: `case when c.single_low is not null
      then json_build_object(c.single_low, high.full_name, c.single_high, low.full_name) end`,
  },
  alsoReads: ['single_low', 'single_high'],
  show: (found, { userId }) => chatOf({ ...found, name: found.names?.[userId] ?? found.name }),
  differsByReader: ({ names }) => names !== null,
  standIn: ({ chatId, workspaceId, chatSeq, createdAt }) => ({
    id: chatId ?? NIL_ID,
    name: UNREADABLE,
    chatType: 'Group',
    workspaceId: workspaceId ?? NIL_ID,
    topic: null,
    whoPosts: 'All',
    archivedAt: null,
    version: chatSeq ?? 0,
    createdAt,
    updatedAt: createdAt,
  }),
  uses: ({ names }) => Object.keys(names ?? {}).map((userId) => ['user', userId] as const),
};
