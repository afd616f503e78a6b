import type { QuietHours } from '@fechatter/contract';
import { boolean, index, jsonb, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { id } from './column-types.ts';

/** A person's preferences; no row: the defaults. */
export const userPreferences = pgTable('user_preferences', {
  userId: id('user_id')
    .primaryKey()
    .references(() => users.id),
  showPresence: boolean('show_presence').notNull().default(true),
  showReceipts: boolean('show_receipts').notNull().default(true),
  pushPreviews: boolean('push_previews').notNull().default(false),
  quietHours: jsonb('quiet_hours').$type<QuietHours>(),
});

/** Who blocks whom. */
export const blocks = pgTable(
  'blocks',
  {
    userId: id('user_id').references(() => users.id),
    blockedId: id('blocked_id').references(() => users.id),
  },
  (t) => [primaryKey({ columns: [t.userId, t.blockedId] }), index('blocks_blocked').on(t.blockedId)],
);
