import type { PushKind } from '@fechatter/contract';
import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { sessions, users } from './accounts.ts';
import { bytea, id, seq, time } from './column-types.ts';

/**
 * The kinds of pushes that workers send, published by those that have the key of the kind, again and again; rows that nobody has
 * renewed for an hour are deleted. No row: pushes are off.
 */
export const pushKinds = pgTable('push_kinds', {
  kind: text('kind').$type<PushKind>().primaryKey(),
  /** The public half of the key that signs pushes to browsers (VAPID); null for other kinds. */
  publicKey: text('public_key'),
  publishedAt: time('published_at').notNull().default(sql`clock_timestamp()`),
});

/**
 * Where sessions receive pushes. Of an ended session nothing is sent, and its rows are deleted soon. An address that is
 * registered again has a new id, unless the session is the same.
 */
export const pushSubscriptions = pgTable(
  'push_subscriptions',
  {
    id: id('id').primaryKey(),
    userId: id('user_id').references(() => users.id),
    sessionId: id('session_id').references(() => sessions.id),
    kind: text('kind').$type<PushKind>().notNull(),
    addressHash: bytea('address_hash').notNull().unique(),
    /** Of the push service: the host of a browser’s, else one of `nativePushHosts`. */
    host: text('host').notNull(),
    /** The address and its keys, encrypted with the ring of keys. */
    sealed: bytea('sealed').notNull(),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
    /** Why the last push was not delivered; null: it was. */
    failure: text('failure'),
    failingSince: time('failing_since'),
  },
  (t) => [
    index('push_subscriptions_user').on(t.userId),
    index('push_subscriptions_session').on(t.sessionId),
    index('push_subscriptions_failing').on(t.failingSince).where(sql`${t.failingSince} is not null`),
  ],
);

/**
 * Chats of which a device may have to be notified. Whether it is, and of what, is decided when it is sent (push_wanted()): a row
 * says only from which seq on. No foreign key: a row without a subscription is dropped when it is due.
 */
export const pushPending = pgTable(
  'push_pending',
  {
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    subscriptionId: id('subscription_id'),
    /** Null: a test push. */
    chatId: uuid('chat_id'),
    /** Not to notify: the device is to remove the notification of this chat if what it shows has been read. */
    isClearing: boolean('is_clearing').notNull().default(false),
    host: text('host').notNull(),
    firstSeq: seq('first_seq').notNull().default(0),
    /** A message that came while a worker was sending. */
    newerSeq: seq('newer_seq'),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
    /** While it is leased: until when. */
    dueAt: time('due_at').notNull().default(sql`clock_timestamp()`),
    lease: uuid('lease'),
    attempts: integer('attempts').notNull().default(0),
  },
  (t) => [
    unique('push_pending_chat').on(t.subscriptionId, t.chatId, t.isClearing).nullsNotDistinct(),
    index('push_pending_due').on(t.host, t.dueAt),
  ],
);

/** Up to which seq of a chat the consumer has written push_pending. */
export const pushProgress = pgTable('push_progress', {
  chatId: uuid('chat_id').primaryKey(),
  seq: seq('seq').notNull(),
});

/**
 * The message of which a device may show a notification, for those that remove it when it was read elsewhere. Written before the
 * push is sent, so that no reading comes too early for it. No foreign key, as for push_pending.
 */
export const pushShown = pgTable(
  'push_shown',
  {
    subscriptionId: id('subscription_id'),
    chatId: id('chat_id'),
    messageId: id('message_id'),
    shownAt: time('shown_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.subscriptionId, t.chatId] }), index('push_shown_at').on(t.shownAt)],
);
