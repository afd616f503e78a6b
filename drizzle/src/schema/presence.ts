import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { id, time } from './column-types.ts';

/** A person's custom status: an emoji, a text, or both; null `expires_at`: until it is changed. */
export const customStatuses = pgTable('custom_statuses', {
  userId: id('user_id')
    .primaryKey()
    .references(() => users.id),
  emoji: text('emoji'),
  text: text('text'),
  expiresAt: time('expires_at'),
});

// The other tables are unlogged: a crash of the database empties them, and they are rewritten within 30 s.

/** Instances of notify, and until when their presence data is valid, by the database's clock. */
export const presenceInstances = pgTable('presence_instances', {
  id: id('id').primaryKey(),
  leasedUntil: time('leased_until').notNull(),
});

/** People with a stream at an instance, or who had one less than 30 s ago. */
export const presencePeople = pgTable(
  'presence_people',
  { userId: id('user_id'), instanceId: id('instance_id') },
  (t) => [primaryKey({ columns: [t.userId, t.instanceId] }), index('presence_people_instance').on(t.instanceId)],
);

/** When a person was last active on a device; `-infinity`: they reported to be inactive. */
export const presenceActivity = pgTable(
  'presence_activity',
  { userId: id('user_id'), sessionId: id('session_id'), activeAt: time('active_at').notNull() },
  (t) => [primaryKey({ columns: [t.userId, t.sessionId] }), index('presence_activity_time').on(t.activeAt)],
);

/**
 * Open streams, and the people whose presence each of them watches: any instance writes that, and the stream's own
 * instance reads it.
 */
export const presenceStreams = pgTable(
  'presence_streams',
  {
    /** The 128 bits of `streamId`. */
    id: id('id').primaryKey(),
    instanceId: id('instance_id'),
    sessionId: id('session_id'),
    userIds: uuid('user_ids').array().notNull().default([]),
  },
  (t) => [index('presence_streams_instance').on(t.instanceId)],
);
