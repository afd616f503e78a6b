import type { ChatPreferences } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import { chatMembers } from '../schema.ts';
import type { Columns, RowOf } from './columns.ts';
import type { NounSource } from './noun.ts';

const cp = alias(chatMembers, 'cp');

const columns = { notify_level: cp.notifyLevel, muted_until: cp.mutedUntil } as const satisfies Columns;
type ChatPreferencesRow = RowOf<typeof columns>;

/** SQL: until when memberships with this alias are muted; null if that has passed. */
export const mutedUntil = (as: string): string => `case when ${as}.muted_until > now() then ${as}.muted_until end`;

export const chatPreferencesOf = (row: ChatPreferencesRow): ChatPreferences => ({
  notifyLevel: row.notify_level,
  mutedUntil: row.muted_until,
});

export const chatPreferencesSource: NounSource<'chatPreferences', ChatPreferencesRow> = {
  reference: 'chatId',
  table: 'chat_members',
  as: 'cp',
  where: 'user_id = e.user_id and chat_id = e.chat_id order by joined_seq desc',
  isThere: 'user_id',
  joins: [],
  columns,
  alsoReads: ['user_id'],
  show: ({ notify_level, muted_until }) =>
    chatPreferencesOf({
      notify_level,
      muted_until: muted_until !== null && muted_until > new Date() ? muted_until : null,
    }),
  standIn: () => ({ notifyLevel: null, mutedUntil: null }),
};
