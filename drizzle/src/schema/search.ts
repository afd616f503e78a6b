import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgEnum, pgTable, smallint, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, seq, time } from './column-types.ts';

export const searchState = pgEnum('search_state', ['Building', 'Active', 'Retired']);

/** The parameters of a generation's tokens; queries must use the same. */
export interface SearchMaking {
  readonly tokenizer: number;
  /** The key of the ring with which tokens are hashed. */
  readonly keyId: number;
  readonly stopWords: readonly string[];
  readonly hasPrefixes: boolean;
}

/**
 * A message index, made with one key and one tokenizer. A new one is built beside the one in use: the consumer of the
 * log writes to both, and a walk through older messages fills the new one. `walkedTo` is the last message that the walk
 * has written; it ends at `walkEnd`.
 */
export const searchGenerations = pgTable(
  'search_generations',
  {
    gen: smallint('gen').generatedAlwaysAsIdentity().primaryKey(),
    state: searchState('state').notNull().default('Building'),
    making: jsonb('making').$type<SearchMaking>().notNull(),
    walkedTo: uuid('walked_to').notNull().default('00000000-0000-0000-0000-000000000000'),
    walkEnd: id('walk_end'),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
    /** When the walk was finished and the index came into use. */
    activeAt: time('active_at'),
  },
  (t) => [uniqueIndex('search_generations_active').on(t.state).where(sql`${t.state} = 'Active'`)],
);

/**
 * Parts of a generation, by message ids, which are ordered by time: a part has the messages after `fromId`, up to the
 * next part's. `messages` counts what was added, an upper bound for what is there. Parts that a walk fills get their
 * index of tokens when they are full.
 */
export const searchParts = pgTable(
  'search_parts',
  {
    part: integer('part').generatedAlwaysAsIdentity().primaryKey(),
    gen: smallint('gen').notNull(),
    fromId: id('from_id'),
    messages: seq('messages').notNull().default(0),
    isIndexed: boolean('is_indexed').notNull().default(false),
  },
  (t) => [index('search_parts_gen').on(t.gen, t.fromId)],
);
