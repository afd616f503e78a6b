import { index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { bytea, createdAt, id, time } from './column-types.ts';

/**
 * A person's identity at a trusted issuer of tokens. The pair is the only key: a person is never found by other claims
 * of a token, such as an address.
 */
export const identities = pgTable(
  'identities',
  {
    id: id('id').primaryKey(),
    userId: id('user_id').references(() => users.id),
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('identities_subject').on(t.issuer, t.subject), index('identities_user').on(t.userId)],
);

/** Tokens of other issuers that were exchanged for a session, as hashes, until they expire: each can be used once. */
export const exchangedTokens = pgTable(
  'exchanged_tokens',
  { tokenHash: bytea('token_hash').primaryKey(), expiresAt: time('expires_at').notNull() },
  (t) => [index('exchanged_tokens_expires').on(t.expiresAt)],
);

/** Sign-ins at a provider that have begun: what comes back is good once, for ten minutes, for the app that began it. */
export const oidcFlows = pgTable(
  'oidc_flows',
  {
    stateHash: bytea('state_hash').primaryKey(),
    /** Of what only the app that began it knows. */
    secretHash: bytea('secret_hash').notNull(),
    provider: text('provider').notNull(),
    nonce: text('nonce').notNull(),
    verifier: text('verifier').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [index('oidc_flows_expires').on(t.expiresAt)],
);
