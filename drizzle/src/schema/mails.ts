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
  | 'newDevice'
  | 'recoveryCodeUsed'
  | 'verify'
  | 'reset'
  | 'emailChangeAsked'
  | 'emailChanged'
  | 'passwordReset';

/** The details in a mail, besides its texts. */
export interface MailDetails {
  readonly userAgent?: string | null;
  readonly ip?: string;
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
