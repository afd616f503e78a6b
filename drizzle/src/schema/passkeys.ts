import { boolean, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { bytea, createdAt, id, seq, time } from './column-types.ts';

/** People's passkeys: the public half, which is no secret. */
export const passkeys = pgTable(
  'passkeys',
  {
    id: id('id').primaryKey(),
    userId: id('user_id').references(() => users.id),
    credentialId: bytea('credential_id').notNull().unique(),
    publicKey: bytea('public_key').notNull(),
    /** How often it signed, as it says; a counter that decreases shows a copied key. Always 0 where it does not count. */
    signCount: seq('sign_count').notNull(),
    transports: text('transports').array().notNull(),
    name: text('name').notNull(),
    /** Whether its maker copies it to the person's other devices. */
    isSynced: boolean('is_synced').notNull(),
    createdAt: createdAt(),
    lastUsedAt: time('last_used_at'),
  },
  (t) => [index('passkeys_user').on(t.userId)],
);

/** What passkeys are to sign, hashed: good once, for a few minutes, for signing in or for one person to add one. */
export const passkeyChallenges = pgTable(
  'passkey_challenges',
  {
    challengeHash: bytea('challenge_hash').primaryKey(),
    /** Who adds a passkey; null: a sign-in. */
    userId: uuid('user_id').references(() => users.id),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [index('passkey_challenges_user').on(t.userId), index('passkey_challenges_expires').on(t.expiresAt)],
);
