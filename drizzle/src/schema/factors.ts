import { index, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { bytea, createdAt, id, seq, time } from './column-types.ts';

// What a sign-in needs beside the password, for who has set it up (`users.second_factor_at`).

/** A person's authenticator app. Until it is confirmed with a first code it counts for nothing. */
export const totpFactors = pgTable('totp_factors', {
  userId: id('user_id')
    .primaryKey()
    .references(() => users.id),
  /** The secret, encrypted with the ring of keys. */
  sealed: bytea('sealed').notNull(),
  createdAt: createdAt(),
  confirmedAt: time('confirmed_at'),
  /** The step of the newest code that was accepted: it and those before it are used up. */
  lastStep: seq('last_step').notNull().default(0),
});

/** What is left of a person's recovery codes, hashed; one that is used goes. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  { userId: id('user_id').references(() => users.id), codeHash: bytea('code_hash').notNull() },
  (t) => [primaryKey({ columns: [t.userId, t.codeHash] })],
);

/** Sign-ins whose password was right and that wait for the second factor: good once, for a few minutes. */
export const signinChallenges = pgTable(
  'signin_challenges',
  {
    tokenHash: bytea('token_hash').primaryKey(),
    userId: id('user_id').references(() => users.id),
    /** The known device that it is; null: a new one. */
    deviceId: uuid('device_id'),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [index('signin_challenges_user').on(t.userId), index('signin_challenges_expires').on(t.expiresAt)],
);
