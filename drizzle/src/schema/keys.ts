import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { bytea, createdAt, time } from './column-types.ts';

/**
 * Public halves of the keys that sign access tokens. A key signs from 60 s after its publication, and goes
 * when no server has had it for longer than a token lives.
 */
export const signingKeys = pgTable('signing_keys', {
  kid: text('kid').primaryKey(),
  publicJwk: jsonb('public_jwk').notNull(),
  createdAt: createdAt(),
  lastUsedAt: time('last_used_at').notNull().default(sql`now()`),
});

/** A known text under each encryption key in use: a ring that does not open them is not the ring of this database. */
export const keyChecks = pgTable('key_checks', {
  keyId: integer('key_id').primaryKey(),
  sealed: bytea('sealed').notNull(),
});
