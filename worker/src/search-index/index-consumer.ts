import { codeOf } from '@fechatter/contract';
import { beginIndex, type Consumer, SEARCH_CONSUMER, searchGenerations, type SearchMaking } from '@fechatter/drizzle';
import type { TokenMaker } from './token-maker.ts';
import { writeIndex } from './write-index.ts';

const BATCH_MAX = 200;
const codes = new Set((['message.created', 'message.updated', 'message.deleted'] as const).map(codeOf));

/**
 * Keeps the index of messages: what the log says was sent, edited or deleted is read as it is now, and written. Whatever
 * wipes content takes it out of the index itself (forgetInIndex). Where the log does not go back to its place, the index
 * is built anew beside the one in use.
 */
export const indexConsumer = (maker: TokenMaker, making: SearchMaking): Consumer => ({
  name: SEARCH_CONSUMER,
  // Long texts take a while, and whatever wipes content waits for a batch.
  batchMax: BATCH_MAX,
  async consume(tx, entries) {
    const ids = entries.flatMap(({ code, subjectId }) => (codes.has(code) && subjectId !== null ? [subjectId] : []));
    if (ids.length === 0) return;
    await writeIndex(tx, { maker, generations: await searchGenerations(tx), messageIds: [...new Set(ids)] });
  },
  async onReset(tx) {
    await beginIndex(tx, making);
  },
});
