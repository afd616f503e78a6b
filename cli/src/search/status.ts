import { type Database, consumerLags, SEARCH_CONSUMER } from '@fechatter/drizzle';
import type { Command, CommandContext } from '../command.ts';
import { withDatabase } from '../deployment.ts';

export const searchStatus: Command = {
  summary: 'show the indexes of messages, their size, and how far behind they are',
  run: status,
};

interface GenerationRow {
  readonly gen: number;
  readonly state: string;
  readonly keyId: number;
  readonly parts: number;
  readonly bytes: number;
  readonly walked: number;
}

/** Ids are ordered by time, so the share of the time span that was walked approximates the progress. */
const statusSql = `
  select g.gen, g.state::text, (g.making ->> 'keyId')::int as "keyId", count(p.part)::int as parts,
    coalesce(sum(pg_total_relation_size('message_search_p' || p.part)), 0)::float8 as bytes,
    case when g.walked_to >= g.walk_end then 100 else
      (100 * (select count(*) from messages m where m.id <= g.walked_to)
        / greatest(1, (select count(*) from messages m where m.id <= g.walk_end)))::int end as walked
  from search_generations g left join search_parts p on p.gen = g.gen
  group by g.gen order by g.gen`;

async function status(context: CommandContext): Promise<void> {
  const found = await withDatabase(context.env, async (db) => ({
    generations: (await db.pool.query<GenerationRow>(statusSql)).rows,
    waitingMs: await waitingMs(db),
  }));
  const { generations, waitingMs: lagMs } = found;
  context.show(found, [
    ...generations.map(
      ({ gen, state, keyId, parts, bytes, walked }) =>
        `index ${gen}  ${state.padEnd(8)}  key ${keyId}  ${parts} parts  ${(bytes / 1_048_576).toFixed(1)} MiB  ${walked} % of the messages from before`,
    ),
    generations.length === 0
      ? 'there is no index'
      : `the oldest message that is not in it waits for ${Math.round(lagMs / 1_000)} s`,
  ]);
}

async function waitingMs({ pool }: Database): Promise<number> {
  const [lag] = await consumerLags(pool, [SEARCH_CONSUMER]);
  return lag?.waitingMs ?? 0;
}
