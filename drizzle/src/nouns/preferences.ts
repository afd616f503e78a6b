import { limits, type Preferences, type QuietHours } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import { users } from '../schema.ts';
import type { Columns } from './columns.ts';
import type { NounSource } from './noun.ts';

const pu = alias(users, 'pu');
const columns = { user_id: pu.id } as const satisfies Columns;

/** An id in a list, as JSON. */
const BLOCKED_BYTES = 40;

/** SQL: a person's preferences, by their id, with a row `pr` of preferences or none; and the people whom they block. */
const chosen = (userId: string): Readonly<Record<string, string>> => ({
  show_presence: 'coalesce(pr.show_presence, true)',
  show_receipts: 'coalesce(pr.show_receipts, true)',
  push_previews: 'coalesce(pr.push_previews, false)',
  quiet_hours: 'pr.quiet_hours',
  blocked_ids: `to_json(array(
    select b.blocked_id from blocks b where b.user_id = ${userId} order by b.blocked_id limit ${limits.blockedMax}))`,
});

/** The preferences of a person as SQL returns them. */
export interface PreferencesRow {
  readonly show_presence: boolean | null;
  readonly show_receipts: boolean | null;
  readonly push_previews: boolean | null;
  readonly quiet_hours: QuietHours | null;
  readonly blocked_ids: readonly string[] | null;
}

/** SQL: the preferences of the person `$1`, one row. */
export const preferencesSql = `
  select ${Object.entries(chosen('u.id'))
    .map(([name, sql]) => `${sql} as ${name}`)
    .join(', ')}
  from users u left join user_preferences pr on pr.user_id = u.id where u.id = $1`;

export const preferencesOf = (row: PreferencesRow): Preferences => ({
  showPresence: row.show_presence ?? true,
  showReceipts: row.show_receipts ?? true,
  pushPreviews: row.push_previews ?? false,
  quietHours: row.quiet_hours,
  blockedUserIds: [...(row.blocked_ids ?? [])],
});

export const preferencesSource: NounSource<'preferences', PreferencesRow> = {
  reference: 'subjectId',
  table: 'users',
  as: 'pu',
  joins: [
    {
      table: 'user_preferences',
      as: 'pr',
      where: 'user_id = pu.id',
      reads: ['show_presence', 'show_receipts', 'push_previews', 'quiet_hours'],
    },
  ],
  columns,
  others: chosen('pu.id'),
  bytes: `${BLOCKED_BYTES} * (
    select count(*) from (select from blocks b where b.user_id = e.subject_id limit ${limits.blockedMax}) n)::int`,
  bytesOf: ({ blocked_ids }) => BLOCKED_BYTES * (blocked_ids?.length ?? 0),
  show: preferencesOf,
  standIn: () => ({
    showPresence: true,
    showReceipts: true,
    pushPreviews: false,
    quietHours: null,
    blockedUserIds: [],
  }),
};
