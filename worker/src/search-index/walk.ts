import {
  beginIndex,
  type Database,
  inTransaction,
  searchGenerations,
  type SearchMaking,
  sql,
  takeIndexTurn,
  type Tx,
} from '@fechatter/drizzle';
import { isSameMaking } from './making.ts';
import type { TokenMaker } from './token-maker.ts';
import { writeIndex } from './write-index.ts';

const MESSAGES_A_STEP = 200;
const DEADLINE_MS = 30_000;

/** Begins a generation if the newest one was made with other parameters than this process uses. */
export function beginIfMadeOtherwise(db: Database, making: SearchMaking): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (!(await takeIndexTurn(tx))) return false;
    const newest = (await searchGenerations(tx)).toSorted((a, b) => b.gen - a.gen)[0];
    if (newest !== undefined && isSameMaking(newest.making, making)) return false;
    await beginIndex(tx, making);
    return true;
  });
}

/** Writes the next older messages into the generation that is being built; at the end it comes into use. */
export type WalkStep = { readonly did: 'nothing' } | { readonly did: 'walked' | 'finished'; readonly messages: number };

export function stepWalk(
  db: Database,
  maker: TokenMaker,
  { messagesMax = MESSAGES_A_STEP, partMessagesMax }: { messagesMax?: number; partMessagesMax?: number } = {},
): Promise<WalkStep> {
  const step = async (tx: Tx): Promise<WalkStep> => {
    if (!(await takeIndexTurn(tx))) return { did: 'nothing' };
    const building = (await searchGenerations(tx)).find(({ state }) => state === 'Building');
    if (building === undefined) return { did: 'nothing' };
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
      await tx.execute(sql`update search_generations set walked_to = ${last.id}::uuid where gen = ${building.gen}`);
    }
    if (rows.length === messagesMax) return { did: 'walked', messages: rows.length };
    await tx.execute(sql`update search_generations set state = 'Retired' where state = 'Active'`);
    await tx.execute(sql`
      update search_generations set state = 'Active', active_at = clock_timestamp(), walked_to = walk_end
      where gen = ${building.gen}`);
    return { did: 'finished', messages: rows.length };
  };
  return inTransaction(db, step, { deadlineMs: DEADLINE_MS });
}
