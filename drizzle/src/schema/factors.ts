import { index, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { bytea, createdAt, id, seq, time } from './column-types.ts';

// What a sign-in needs besides the password, for people who have set it up (`users.second_factor_at`).

/** A person's authenticator app. It has no effect until it is confirmed with a first code. */
export const totpFactors = pgTable('totp_factors', {
  userId: id('user_id')
    .primaryKey()
    .references(() => users.id),
  /** The secret, encrypted with the ring of keys. */
  sealed: bytea('sealed').notNull(),
  createdAt: createdAt(),
  confirmedAt: time('confirmed_at'),
  /** The step of the newest accepted code: codes up to it cannot be used again. */
  lastStep: seq('last_step').notNull().default(0),
});

/** A person's unused recovery codes, hashed; a used one is deleted. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  { userId: id('user_id').references(() => users.id), codeHash: bytea('code_hash').notNull() },
  (t) => [primaryKey({ columns: [t.userId, t.codeHash] })],
);

/** Sign-ins with the right password that wait for the second factor: usable once, for a few minutes. */
export const signinChallenges = pgTable(
  'signin_challenges',
  {
    tokenHash: bytea('token_hash').primaryKey(),
    userId: id('user_id').references(() => users.id),
    /** The known device; null: a new one. */
    deviceId: uuid('device_id'),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [index('signin_challenges_user').on(t.userId), index('signin_challenges_expires').on(t.expiresAt)],
);
