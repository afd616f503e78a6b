import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { bytea, createdAt, id, time } from './column-types.ts';

/** What a mail is about: which texts it has, and whether a link. */
export type MailKind =
  | 'attack'
  | 'codeAttack'
  | 'factorAdded'
  | 'factorRemoved'
  | 'newDevice'
  | 'recoveryCodeUsed'
  | 'verify'
  | 'reset'
  | 'emailChangeAsked'
  | 'emailChanged'
  | 'passwordReset';

/** What a mail says beside its texts. */
export interface MailDetails {
  readonly userAgent?: string | null;
  readonly ip?: string;
}

/**
 * Mails that a worker has to send. One that was sent has no row any more; one that cannot be delivered keeps it for a
 * while, without its address. No token stands here: the worker makes it when it sends.
 */
export const mailJobs = pgTable(
  'mail_jobs',
  {
    id: id('id').primaryKey(),
    kind: text('kind').$type<MailKind>().notNull(),
    /** Null: whether there is such an account is looked up when it is sent. */
    userId: uuid('user_id').references(() => users.id),
    address: text('address').notNull(),
    details: jsonb('details').$type<MailDetails>().notNull().default({}),
    createdAt: createdAt(),
    expiresAt: time('expires_at').notNull(),
    dueAt: time('due_at').notNull().default(sql`clock_timestamp()`),
    attempts: integer('attempts').notNull().default(0),
    lease: uuid('lease'),
    leasedUntil: time('leased_until'),
    /** What the last attempt failed with: a code. */
    failure: text('failure'),
    /** When it was given up. */
    failedAt: time('failed_at'),
  },
  (t) => [
    index('mail_jobs_due').on(t.dueAt).where(sql`${t.failedAt} is null`),
    index('mail_jobs_user').on(t.userId),
    index('mail_jobs_failed').on(t.failedAt).where(sql`${t.failedAt} is not null`),
  ],
);

/**
 * What the links in mails carry, as hashes: good once, for half an hour, for the account and the address that they were
 * sent to.
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
