import { codeOf } from '@fechatter/contract';
import {
  beginIndex,
  type Consumer,
  SEARCH_CONSUMER,
  searchGenerations,
  type SearchMaking,
  sql,
} from '@fechatter/drizzle';
import type { TokenMaker } from './token-maker.ts';
import { writeIndex } from './write-index.ts';

const BATCH_MAX = 200;
const CHAT_CREATED = codeOf('chat.created');
const codes = new Set((['message.created', 'message.updated', 'message.deleted'] as const).map(codeOf));

/**
 * Keeps the search index up to date: for each message that was sent, edited or deleted it reads the current content and
 * writes its tokens. The messages of an imported chat have no events: a walk of that chat is begun. Code that wipes content removes it from the index itself (forgetInIndex). If the log does not
 * reach back to the consumer's position, the index is rebuilt beside the one in use.
 */
export const indexConsumer = (maker: TokenMaker, making: SearchMaking): Consumer => ({
  name: SEARCH_CONSUMER,
  // Long texts take a while, and a transaction that wipes content waits for the batch.
  batchMax: BATCH_MAX,
  async consume(tx, entries) {
    const imported = entries.flatMap(({ code, chatId, facts }) =>
      code === CHAT_CREATED && facts.isImported === true && chatId !== null ? [chatId] : [],
    );
    if (imported.length > 0)
      await tx.execute(
        sql`insert into search_walks (chat_id) select unnest(${sql.param(imported)}::uuid[]) on conflict do nothing`,
      );
    const ids = entries.flatMap(({ code, subjectId }) => (codes.has(code) && subjectId !== null ? [subjectId] : []));
    if (ids.length === 0) return;
    await writeIndex(tx, { maker, generations: await searchGenerations(tx), messageIds: [...new Set(ids)] });
  },
  async onReset(tx) {
    await beginIndex(tx, making);
  },
});
