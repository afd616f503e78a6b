import type { Benchmark, Figure } from '../benchmark.ts';
import { interleaved } from '../frame/interleaved.ts';
import { wrkNeed } from '../load/wrk.ts';
import { openStage, type Read } from './stage.ts';

const BESIDE_QUERY_MAX_US: Readonly<Record<Read, number>> = { page: 150, list: 250 };
const names: Readonly<Record<Read, string>> = { page: 'page of 50 messages', list: 'list of 50 chats' };

/** The cost of a page beyond its query. */
export const read: Benchmark = {
  name: 'read',
  title: 'message pages and chat lists',
  needs: [wrkNeed],
  async run({ isQuick, folder, found, nodeArgs, print }) {
    await using stage = await openStage(folder, found.get('wrk'), nodeArgs);
    const seconds = isQuick ? 2 : 4;
    const contenders = Object.fromEntries(
      (['page', 'list'] as const).flatMap((what) =>
        (['server', 'bare', 'query'] as const).map((reader) => [
          `${what} ${reader}`,
          () => stage.read(reader, what, seconds),
        ]),
      ),
    );
    await interleaved(1, contenders);
    const runs = await interleaved(isQuick ? 1 : 5, contenders);
    for (const [name, costs] of Object.entries(runs))
      print(`  ${name}: ${costs.map((us) => us.toFixed(0)).join(', ')} µs`);
    const figures = (['page', 'list'] as const).flatMap((what): Figure[] => {
      const [ours = [], bare = [], query = []] = [runs[`${what} server`], runs[`${what} bare`], runs[`${what} query`]];
      const name = names[what];
      return [
        { name, unit: 'µs of CPU', runs: ours, reference: `${name}, bare Hono` },
        { name: `${name}, bare Hono`, unit: 'µs of CPU', runs: bare },
        { name: `${name}, the query alone`, unit: 'µs of CPU', runs: query },
        {
          name: `${name}, beside the query`,
          unit: 'µs of CPU',
          runs: ours.map((us, round) => us - (query[round] ?? Number.NaN)),
          target: { of: 'median', atMost: BESIDE_QUERY_MAX_US[what] },
        },
      ];
    });
    return {
      figures,
      plots: [],
      notes: [
        'CPU of the process that reads, a request, without Postgres; wrk with 16 connections, the requests of the stock client.',
        'Bare Hono runs the same statements and the same decryption and responds with `JSON.stringify`; it verifies no token, validates nothing and remembers nothing. "The query alone" is bare Hono that responses with the number of rows: what driver and HTTP cost.',
      ],
    };
  },
};
