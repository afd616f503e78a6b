import {
  beginIndex,
  type Database,
  inTransaction,
  newestSearchGeneration,
  searchGenerations,
  type SearchMaking,
  sql,
  takeIndexTurn,
  type Tx,
} from '@fechatter/drizzle';
import { isSameMaking } from './making.ts';
import { indexFullPart } from './index-full-part.ts';
import type { TokenMaker } from './token-maker.ts';
import { writeIndex } from './write-index.ts';

const MESSAGES_A_STEP = 200;
const DEADLINE_MS = 30_000;

/** Begins a generation if the newest one was made with other parameters than this process uses. */
export function beginIfMadeOtherwise(db: Database, making: SearchMaking): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (!(await takeIndexTurn(tx))) return false;
    const newest = await newestSearchGeneration(tx);
    if (newest !== undefined && isSameMaking(newest.making, making)) return false;
    await beginIndex(tx, making);
    return true;
  });
}

export type WalkStep =
  | { readonly did: 'nothing' | 'indexed' }
  | { readonly did: 'walked' | 'finished'; readonly messages: number };

/**
 * One step of building a generation: makes the index of tokens of a full part, or else writes the next older messages. When
 * nothing is left to do, the generation comes into use. Without one to build, it writes the next messages of an imported
 * chat.
 */
export async function stepWalk(
  db: Database,
  maker: TokenMaker,
  { messagesMax = MESSAGES_A_STEP, partMessagesMax }: { messagesMax?: number; partMessagesMax?: number } = {},
): Promise<WalkStep> {
  if (await indexFullPart(db)) return { did: 'indexed' };
  const step = async (tx: Tx): Promise<WalkStep> => {
    if (!(await takeIndexTurn(tx))) return { did: 'nothing' };
    const building = (await searchGenerations(tx)).find(({ state }) => state === 'Building');
    if (building === undefined) return walkImported(tx, maker, messagesMax);
    const { rows } = await tx.execute<{ id: string }>(sql`
      select id from messages where id > ${building.walkedTo}::uuid and id <= ${building.walkEnd}::uuid
      order by id limit ${messagesMax}`);
    const last = rows.at(-1);
    if (last !== undefined) {
      const messageIds = rows.map(({ id }) => id);
      await writeIndex(tx, {
        maker,
        generations: [building],
        messageIds,
        isWalk: true,
        ...(partMessagesMax !== undefined && { partMessagesMax }),
      });
    }
    const isThrough = rows.length < messagesMax;
    const walkedTo = isThrough || last === undefined ? building.walkEnd : last.id;
    await tx.execute(sql`update search_generations set walked_to = ${walkedTo}::uuid where gen = ${building.gen}`);
    const unindexed = await tx.execute(sql`select from search_parts where gen = ${building.gen} and not is_indexed`);
    if (!isThrough || unindexed.rows.length > 0) return { did: 'walked', messages: rows.length };
    await tx.execute(sql`update search_generations set state = 'Retired' where state = 'Active'`);
    await tx.execute(sql`
      update search_generations set state = 'Active', active_at = clock_timestamp()
      where gen = ${building.gen}`);
    return { did: 'finished', messages: rows.length };
  };
  return inTransaction(db, step, { deadlineMs: DEADLINE_MS });
}

/** Writes the next messages of an imported chat. */
async function walkImported(tx: Tx, maker: TokenMaker, messagesMax: number): Promise<WalkStep> {
  const walks = await tx.execute<{ chat_id: string; walked_seq: number }>(
    sql`select chat_id, walked_seq from search_walks order by chat_id limit 1`,
  );
  const [walk] = walks.rows;
  if (walk === undefined) return { did: 'nothing' };
  const { rows } = await tx.execute<{ id: string; seq: number }>(sql`
    select id, seq from messages where chat_id = ${walk.chat_id} and seq > ${walk.walked_seq} order by seq limit ${messagesMax}`);
  await writeIndex(tx, { maker, generations: await searchGenerations(tx), messageIds: rows.map(({ id }) => id) });
  const last = rows.at(-1);
  if (last === undefined) await tx.execute(sql`delete from search_walks where chat_id = ${walk.chat_id}`);
  else await tx.execute(sql`update search_walks set walked_seq = ${last.seq} where chat_id = ${walk.chat_id}`);
  return { did: 'walked', messages: rows.length };
}
