import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { bytea, createdAt, id, time } from './column-types.ts';

/** The kind of a mail: it determines the texts, and whether there is a link. */
export type MailKind =
  | 'attack'
  | 'codeAttack'
  | 'factorAdded'
  | 'factorRemoved'
  | 'identityLinked'
  | 'identitiesUnlinked'
  | 'newDevice'
  | 'recoveryCodeUsed'
  | 'verify'
  | 'reset'
  | 'emailChangeAsked'
  | 'emailChanged'
  | 'passwordReset'
  | 'webhookOff'
  | 'mentions';

/** The details in a mail, besides its texts. */
export interface MailDetails {
  readonly userAgent?: string | null;
  readonly ip?: string;
  /** Of a webhook that was switched off. */
  readonly webhookId?: string;
  /** Of mentions: since when, and how many of them are unread when the mail is sent. */
  readonly since?: string;
  readonly count?: number;
}

/**
 * Mails that a worker has to send. A sent mail has no row any more; an undeliverable one keeps it for a while, without
 * its address. There is no token here: the worker makes it when it sends.
 */
export const mailJobs = pgTable(
  'mail_jobs',
  {
    id: id('id').primaryKey(),
    kind: text('kind').$type<MailKind>().notNull(),
    /** Null: the account is looked up by the address when the mail is sent. */
    userId: uuid('user_id').references(() => users.id),
    address: text('address').notNull(),
    details: jsonb('details').$type<MailDetails>().notNull().default({}),
    createdAt: createdAt(),
    expiresAt: time('expires_at').notNull(),
    dueAt: time('due_at').notNull().default(sql`clock_timestamp()`),
    attempts: integer('attempts').notNull().default(0),
    lease: uuid('lease'),
    leasedUntil: time('leased_until'),
    /** The error code of the last attempt. */
    failure: text('failure'),
    /** When it was marked as undeliverable. */
    failedAt: time('failed_at'),
  },
  (t) => [
    index('mail_jobs_due').on(t.dueAt).where(sql`${t.failedAt} is null`),
    index('mail_jobs_user').on(t.userId),
    index('mail_jobs_failed').on(t.failedAt).where(sql`${t.failedAt} is not null`),
  ],
);

/**
 * The tokens of links in mails, as hashes: usable once, for half an hour, for the account and the address that they
 * were sent to.
 */
export const mailTokens = pgTable(
  'mail_tokens',
  {
    tokenHash: bytea('token_hash').primaryKey(),
    purpose: text('purpose').$type<'verify' | 'reset'>().notNull(),
    userId: id('user_id').references(() => users.id),
    address: text('address').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [index('mail_tokens_user').on(t.userId), index('mail_tokens_expires').on(t.expiresAt)],
);

/** People who were mentioned and may get a mail about it, if they have not read it by then. The next row comes with a later mention. */
export const mentionDigests = pgTable(
  'mention_digests',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id),
    /** Of the first message that mentions them; if they have read that when it is a day old, of the first that they have not. */
    sinceAt: time('since_at').notNull(),
    dueAt: time('due_at').notNull(),
  },
  (t) => [index('mention_digests_due').on(t.dueAt)],
);
