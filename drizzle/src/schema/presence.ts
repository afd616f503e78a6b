import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { id, time } from './column-types.ts';

/** What a person says of themselves: with an emoji, a text, or both; null `expires_at`: until they say otherwise. */
export const customStatuses = pgTable('custom_statuses', {
  userId: id('user_id')
    .primaryKey()
    .references(() => users.id),
  emoji: text('emoji'),
  text: text('text'),
  expiresAt: time('expires_at'),
});

// The other tables are unlogged: a crash of the database empties them, and they are written anew within 30 s.

/** Instances of notify, and until when what they say of people holds, by the database's clock. */
export const presenceInstances = pgTable('presence_instances', {
  id: id('id').primaryKey(),
  leasedUntil: time('leased_until').notNull(),
});

/** Who has a stream at which instance, or had one less than 30 s ago. */
export const presencePeople = pgTable(
  'presence_people',
  { userId: id('user_id'), instanceId: id('instance_id') },
  (t) => [primaryKey({ columns: [t.userId, t.instanceId] }), index('presence_people_instance').on(t.instanceId)],
);

/** When a person was last active on which device; `-infinity`: they said that they are not. */
export const presenceActivity = pgTable(
  'presence_activity',
  { userId: id('user_id'), sessionId: id('session_id'), activeAt: time('active_at').notNull() },
  (t) => [primaryKey({ columns: [t.userId, t.sessionId] }), index('presence_activity_time').on(t.activeAt)],
);

/** Open streams, and whose presence each of them watches: any instance writes that, and the stream's own reads it. */
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
