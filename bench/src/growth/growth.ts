import { currentCursor, replayWindow } from '@fechatter/drizzle';
import type { Benchmark, Figure, RunOptions } from '../benchmark.ts';
import { EndingTogether } from '../frame/ending-together.ts';
import { interleaved } from '../frame/interleaved.ts';
import { cpuMs } from '../frame/process-cost.ts';
import { postgresMs } from '../frame/reaped-cost.ts';
import { summaryOf } from '../frame/statistics.ts';
import { wrkLoad, type WrkRequest, wrkNeed, wrkScript } from '../load/wrk.ts';
import { benchDatabase } from '../system/bench-database.ts';
import { benchKeys } from '../system/bench-keys.ts';
import { benchService } from '../system/bench-service.ts';
import { makePeople, makeWorkspace } from '../system/people.ts';
import { CHAT_COUNTS, startHistory } from './history.ts';

const SIZES = [10_000, 100_000, 1_000_000, 10_000_000];
const QUICK_SIZES = SIZES.slice(0, 2);
const GROWS_AT_MOST = 1.5;
const CONNECTIONS = 2;
const MISSED = 1_000;
const REPLAYS = 100;

/** What reading and sending cost as the history grows. */
export const growth: Benchmark = {
  name: 'growth',
  title: 'the same work on a growing history',
  needs: [wrkNeed],
  async run(options) {
    const { isQuick, print } = options;
    await using stage = await openStage(options);
    const sizes = isQuick ? QUICK_SIZES : SIZES;
    const bySize = new Map<number, Record<string, number[]>>();
    for (const size of sizes) {
      await stage.growTo(size);
      print(`  ${size.toLocaleString('en-US')} messages`);
      const work = await stage.work(isQuick ? 1 : 2);
      await interleaved(1, work);
      bySize.set(size, await interleaved(isQuick ? 1 : 2, work));
    }
    const names = Object.keys(bySize.get(sizes[0] ?? 0) ?? {});
    const runsOf = (name: string, size: number) => bySize.get(size)?.[name] ?? [];
    return {
      figures: names.flatMap((name) => sizes.map((size) => figureOf(name, size, runsOf(name, size)))),
      plots: [
        {
          title: 'CPU of server and Postgres an operation, against the smallest history',
          xLabel: 'messages',
          yLabel: '×',
          series: names.map((name) => ({
            name,
            points: sizes.map((size): [number, number] => {
              const [first = 0] = sizes;
              return [size, summaryOf(runsOf(name, size)).median / summaryOf(runsOf(name, first)).median];
            }),
          })),
        },
      ],
      notes: [
        'Half of all messages are in one chat, the rest in 999 others; the three people who ask are in 10, 100 and 1,000 of them. CPU of server and Postgres together, 2 requests in flight.',
        'Old messages are rows without text (with as many bytes elsewhere); the newest of each chat and a page of the large one are sent as ever.',
        `Resume: the statement that replays what someone in 1,000 chats missed in ${MISSED} events; Postgres alone. The log forgets by time (72 h), so it does not grow with the history.`,
      ],
    };
  },
};

const nameOf = (name: string, size: number) => `${name}, ${size.toLocaleString('en-US')} messages`;

function figureOf(name: string, size: number, runs: readonly number[]): Figure {
  const [first = 0] = SIZES;
  const compared =
    size === first ? {} : { reference: nameOf(name, first), target: { of: 'ratio', atMost: GROWS_AT_MOST } as const };
  return { name: nameOf(name, size), unit: 'µs of CPU', runs, ...compared };
}

interface Stage extends AsyncDisposable {
  growTo(messages: number): Promise<void>;
  /** The results by name: CPU per operation, in µs. */
  work(seconds: number): Promise<Record<string, () => Promise<number>>>;
}

async function openStage({ folder, found, nodeArgs }: RunOptions): Promise<Stage> {
  const wrk = found.get('wrk');
  if (wrk === undefined) throw new Error('growth needs wrk: apt-get install wrk');
  const opened = new EndingTogether();
  const settings = { max_wal_size: '8GB' };
  const database = opened.use(await benchDatabase({ folder, isDurable: false, settings }));
  const { pool } = database;
  const keys = benchKeys();
  await keys.publish(pool);
  const people = await makePeople(pool, CHAT_COUNTS.length);
  const workspaceId = await makeWorkspace(pool, people);
  const history = await startHistory(pool, workspaceId, people, keys.encryptionKey);
  const server = opened.use(await benchService({ kind: 'server', database, keys, folder, nodeArgs }));
  const everyoneMs = () => cpuMs(server.pid) + postgresMs(database.pid);
  const busiest = people.at(-1);
  if (busiest === undefined) throw new Error('there is no person');

  const overHttp = async (name: string, request: WrkRequest, seconds: number) => {
    const script = await wrkScript(folder, name, [request]);
    return async () => {
      const beforeMs = everyoneMs();
      const { requests } = await wrkLoad({ wrk, url: server.url, script, connections: CONNECTIONS, seconds });
      return ((everyoneMs() - beforeMs) * 1_000) / requests;
    };
  };
  const resume = async () => {
    const to = await currentCursor(pool);
    const { rows } = await pool.query<{ pos: number; nonce: number }>(
      'select pos::int as pos, nonce from log_order where pos = greatest(0, $1::bigint - $2)',
      [to.pos, MISSED],
    );
    const beforeMs = postgresMs(database.pid);
    for (let replay = 0; replay < REPLAYS; replay++) await replayWindow(pool, busiest.userId, rows[0] ?? to, to.pos);
    return ((postgresMs(database.pid) - beforeMs) * 1_000) / REPLAYS;
  };

  return {
    growTo: (messages) => history.growTo(messages),
    async work(seconds) {
      const chatId = history.largeChatId;
      const before = await history.middle();
      const token = keys.tokenFor(busiest);
      const get = (procedure: string, input: object, as = token): WrkRequest => ({
        method: 'GET',
        path: `/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify({ json: input }))}`,
        token: as,
      });
      const text = JSON.stringify({ json: { chatId, content: 'A message of about the length that people write.' } });
      const lists = await Promise.all(
        CHAT_COUNTS.map(async (count, index) => {
          const request = get('chat.list', {}, keys.tokenFor(people[index] ?? busiest));
          return [`list of ${count} chats`, await overHttp(`list-${count}`, request, seconds)] as const;
        }),
      );
      return {
        'newest page': await overHttp('newest', get('message.list', { chatId }), seconds),
        'page in the middle': await overHttp('middle', get('message.list', { chatId, before }), seconds),
        ...Object.fromEntries(lists),
        unread: await overHttp('unread', get('chat.get', { chatId }), seconds),
        send: await overHttp('send', { method: 'POST', path: '/trpc/message.send', token, text }, seconds),
        resume,
      };
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
