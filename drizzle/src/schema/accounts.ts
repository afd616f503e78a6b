import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgEnum, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytea, createdAt, id, time } from './column-types.ts';

export const userKind = pgEnum('user_kind', ['Person', 'Bot']);
export const userStatus = pgEnum('user_status', ['Active', 'Suspended']);

export const users = pgTable(
  'users',
  {
    id: id('id').primaryKey(),
    kind: userKind('kind').notNull().default('Person'),
    /** Null: unknown. A person from another issuer may have none. */
    email: text('email'),
    fullName: text('full_name').notNull(),
    /** When the person confirmed the address; null: they have not. */
    emailVerifiedAt: time('email_verified_at'),
    /**
     * Whether signing in with this address leads to this account. If mail can confirm addresses, several accounts may
     * claim one; the account that confirms it holds it.
     */
    holdsEmail: boolean('holds_email').notNull().default(true),
    /**
     * The invitation by which they signed up, as the hash of its token: they join by it when the address is confirmed.
     */
    signupInvite: bytea('signup_invite'),
    passwordHash: text('password_hash').notNull(),
    /** Raised when all known devices of this account must become unknown: device tokens contain it. */
    deviceEpoch: integer('device_epoch').notNull().default(0),
    /** Since when a password alone does not suffice to sign in; null: it does. */
    secondFactorAt: time('second_factor_at'),
    avatarUrl: text('avatar_url'),
    /**
     * Whose this is, if it is a placeholder of an import that was claimed: its name and picture are those of that
     * account. Its id stays at what came with the import.
     */
    accountId: uuid('account_id'),
    status: userStatus('status').notNull().default('Active'),
    createdAt: createdAt(),
    updatedAt: time('updated_at').notNull().default(sql`now()`),
    /** When the person had the account erased: it is closed and has no name or address any more. */
    erasedAt: time('erased_at'),
    /** When the last content of an erased account was wiped. */
    wipedAt: time('wiped_at'),
  },
  (t) => [
    uniqueIndex('users_email').on(sql`lower(${t.email} collate "C")`).where(sql`${t.holdsEmail}`),
    index('users_email_claims').on(sql`lower(${t.email} collate "C")`).where(sql`not ${t.holdsEmail}`),
    index('users_account').on(t.accountId).where(sql`${t.accountId} is not null`),
    index('users_unwiped').on(t.id).where(sql`${t.erasedAt} is not null and ${t.wipedAt} is null`),
  ],
);

/**
 * One device's sign-in, and where it was last used. `refreshHash` is that of the current refresh token, the
 * `refreshNumber`th of its chain; `refreshCopy` says which copy of the previous one was used.
 */
export const sessions = pgTable(
  'sessions',
  {
    id: id('id').primaryKey(),
    userId: id('user_id').references(() => users.id),
    /** Null: the key of a bot, which is not refreshed. */
    refreshHash: bytea('refresh_hash'),
    refreshNumber: integer('refresh_number').notNull().default(0),
    refreshCopy: bytea('refresh_copy'),
    rotatedAt: time('rotated_at').notNull().default(sql`now()`),
    /** Stays the same over sign-outs, as long as the client keeps its token; null: from an earlier release. */
    deviceId: uuid('device_id'),
    /** What its person calls the device; null: nothing. */
    name: text('name'),
    userAgent: text('user_agent'),
    ip: text('ip'),
    createdAt: createdAt(),
    /** When the person last authenticated: by signing in, or by giving a credential again. */
    authenticatedAt: time('authenticated_at').notNull().default(sql`now()`),
    lastUsedAt: time('last_used_at').notNull().default(sql`now()`),
    expiresAt: time('expires_at').notNull(),
    revokedAt: time('revoked_at'),
  },
  (t) => [
    index('sessions_user').on(t.userId),
    index('sessions_revoked').on(t.revokedAt).where(sql`${t.revokedAt} is not null`),
  ],
);

/** Short-lived keys to streams, for clients that cannot send headers. */
export const streamTickets = pgTable(
  'stream_tickets',
  {
    ticketHash: bytea('ticket_hash').primaryKey(),
    sessionId: id('session_id').references(() => sessions.id),
    connects: integer('connects').notNull().default(0),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [index('stream_tickets_session').on(t.sessionId), index('stream_tickets_expires').on(t.expiresAt)],
);
