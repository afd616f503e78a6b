import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { bytea, createdAt, time } from './column-types.ts';

/**
 * Public halves of the keys that sign access tokens. A key signs from 60 s after its publication, and is deleted when
 * no server has used it for longer than a token is valid.
 */
export const signingKeys = pgTable('signing_keys', {
  kid: text('kid').primaryKey(),
  publicJwk: jsonb('public_jwk').notNull(),
  createdAt: createdAt(),
  lastUsedAt: time('last_used_at').notNull().default(sql`now()`),
});

/**
 * A known text, encrypted with each encryption key in use: a ring that cannot decrypt them does not belong to this
 * database.
 */
export const keyChecks = pgTable('key_checks', {
  keyId: integer('key_id').primaryKey(),
  sealed: bytea('sealed').notNull(),
});
