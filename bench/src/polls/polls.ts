import { Agent, get } from 'node:http';
import type { Benchmark, Figure } from '../benchmark.ts';
import { EndingTogether } from '../frame/ending-together.ts';
import { interleaved } from '../frame/interleaved.ts';
import { cpuMs } from '../frame/process-cost.ts';
import { postgresMs } from '../frame/reaped-cost.ts';
import { paced } from '../latency/paced.ts';
import { benchDatabase } from '../system/bench-database.ts';
import { benchKeys } from '../system/bench-keys.ts';
import { benchService } from '../system/bench-service.ts';
import { makeChat, makePeople, makeWorkspace } from '../system/people.ts';

const CLIENTS = 1_000;
const CHATS = 50;
const EACH_MS = 5_000;
/** The time for which the RFC would have a list remembered. */
const REMEMBERED_SECONDS = 30;
const SOCKETS = 64;
/** Code that was just loaded is slow: at the full rate the first polls would wait for each other until they fail. */
const WARM_UP = { perSecond: 50, forMs: 6_000 } as const;

/** Clients without a stream, which read their list of chats again and again. */
export const polls: Benchmark = {
  name: 'polls',
  title: 'clients that poll their list of chats',
  needs: [],
  async run({ isQuick, folder, nodeArgs, print }) {
    await using opened = new EndingTogether();
    const database = opened.use(await benchDatabase({ folder, isDurable: false }));
    const keys = benchKeys();
    await keys.publish(database.pool);
    const people = await makePeople(database.pool, CLIENTS);
    const workspaceId = await makeWorkspace(database.pool, people);
    for (let chat = 0; chat < CHATS; chat++) await makeChat(database.pool, workspaceId, people);
    await database.pool.query('vacuum analyze');
    const headers = people.map((person) => ({ authorization: `Bearer ${keys.tokenFor(person)}` }));
    const serverWith = (seconds: number) =>
      benchService({
        kind: 'server',
        database,
        keys,
        folder,
        nodeArgs,
        env: { FECHATTER_CACHE_CHAT_LIST_SECONDS: String(seconds) },
      });
    const [reading, remembering] = [opened.use(await serverWith(0)), opened.use(await serverWith(REMEMBERED_SECONDS))];
    const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
    let at = 0;
    const poll = (port: number) =>
      new Promise<void>((resolve, reject) => {
        const options = {
          host: '127.0.0.1',
          port,
          path: '/api/chats?limit=50',
          agent,
          headers: headers[at++ % CLIENTS],
        };
        get(options, (response) => {
          response.resume();
          response.once('end', () => {
            if (response.statusCode === 200) resolve();
            else reject(new Error(`the list came with ${response.statusCode}`));
          });
        }).on('error', reject);
      });
    /** All clients for as long as a list is remembered, so one poll of six reads it. */
    const cost = async ({ pid, port }: typeof reading) => {
      const polled = (REMEMBERED_SECONDS * 1_000 * CLIENTS) / EACH_MS;
      const [nodeMs, dbMs] = [cpuMs(pid), postgresMs(database.pid)];
      await paced((CLIENTS * 1_000) / EACH_MS, REMEMBERED_SECONDS * 1_000, () => poll(port));
      const usEach = (ms: number) => (ms * 1_000) / polled;
      return { nodeUs: usEach(cpuMs(pid) - nodeMs), postgresUs: usEach(postgresMs(database.pid) - dbMs) };
    };
    for (const { port } of [reading, remembering]) await paced(WARM_UP.perSecond, WARM_UP.forMs, () => poll(port));
    const runs = await interleaved(isQuick ? 1 : 3, {
      read: () => cost(reading),
      remembered: () => cost(remembering),
    });
    agent.destroy();
    for (const [name, costs] of Object.entries(runs))
      print(
        `  ${name}: ${costs.map(({ nodeUs, postgresUs }) => `${nodeUs.toFixed(0)} + ${postgresUs.toFixed(0)} µs`).join(' | ')}`,
      );
    const total = (name: 'read' | 'remembered') => runs[name].map(({ nodeUs, postgresUs }) => nodeUs + postgresUs);
    const figures: Figure[] = [
      { name: 'a poll, lists remembered for 30 s', unit: 'µs of CPU', runs: total('remembered'), reference: 'a poll' },
      { name: 'a poll', unit: 'µs of CPU', runs: total('read') },
      {
        name: 'a poll, lists remembered for 30 s: of it Postgres',
        unit: 'µs of CPU',
        runs: runs.remembered.map(({ postgresUs }) => postgresUs),
        reference: 'a poll: of it Postgres',
      },
      { name: 'a poll: of it Postgres', unit: 'µs of CPU', runs: runs.read.map(({ postgresUs }) => postgresUs) },
    ];
    return {
      figures,
      plots: [],
      notes: [
        '1,000 people in the same 50 chats, each of whom reads the list of 50 chats over REST every 5 s, for 30 s: 200 polls a second, steadily. Two servers over one database, one of which remembers lists for 30 s (`cache.chatListSeconds`).',
        'CPU of server and Postgres a poll. Nobody writes, so five polls of six are served from memory, after one look-up of the cursor each.',
      ],
    };
  },
};
