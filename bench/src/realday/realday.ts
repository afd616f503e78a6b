import { Agent } from 'node:http';
import type { Benchmark, Figure, RunOptions } from '../benchmark.ts';
import { headOf } from '../fanout/contender.ts';
import { EndingTogether } from '../frame/ending-together.ts';
import { percentile } from '../frame/statistics.ts';
import { paced } from '../latency/paced.ts';
import { startSubscribers } from '../load/subscribers.ts';
import { benchDatabase } from '../system/bench-database.ts';
import { benchKeys } from '../system/bench-keys.ts';
import { benchService } from '../system/bench-service.ts';
import { actionAt, actionsPerSecondOfOne, type Mix } from './action-mix.ts';
import { act } from './person-at-work.ts';
import { textsOf } from './texts.ts';
import { makeTown } from './town.ts';

const P99_MAX_MS = 200;
const FIRST_PER_SECOND = 100;
const LADDER = 1.25;
const STEPS_MAX = 25;
const SOCKETS = 256;

/** The result of one rate of actions. */
interface Carried {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How many people of a realistic mix one machine supports. */
export const realday: Benchmark = {
  name: 'realday',
  title: 'a real day',
  needs: [],
  async run(options) {
    const { isQuick, print } = options;
    await using day = await openDay(options);
    const limits = isQuick ? { forMs: 2_000, steps: 3 } : { forMs: 8_000, steps: STEPS_MAX };
    const plain = await climb(day, 'plain', limits, print);
    const steps = await climb(day, 'whole', limits, print);
    return {
      figures: [
        ...figuresOf(plain, 'the plain mix: '),
        ...figuresOf(steps, '').map((figure) => ({ ...figure, reference: `the plain mix: ${figure.name}` })),
      ],
      plots: [
        {
          title: 'How long a call takes',
          xLabel: 'actions a second',
          yLabel: 'ms',
          series: [
            { name: 'p99', points: steps.map(({ perSecond, p99Ms }) => [perSecond, p99Ms]) },
            { name: 'p50', points: steps.map(({ perSecond, p50Ms }) => [perSecond, p50Ms]) },
            { name: 'p99, plain mix', points: plain.map(({ perSecond, p99Ms }) => [perSecond, p99Ms]) },
            { name: 'p50, plain mix', points: plain.map(({ perSecond, p50Ms }) => [perSecond, p50Ms]) },
          ],
        },
      ],
      notes: [
        `The mix is Mattermost's (mattermost-load-test-ng, \`loadtest/control/simulcontroller/controller.go\`, weights from production): for each post or reply (18 %, with typing before each) ten reads of chats, 1.2 looks at threads, 0.13 reactions, 0.02 searches, 0.14 reconnects; a person of it does one thing in ${(1 / actionsPerSecondOfOne).toFixed(0)} s on average. The plain mix is that of earlier releases, without threads, reactions, searches, typing, profiles and statuses.`,
        `${day.streams.toLocaleString('en-US')} people hold an open stream and act; the rate is raised by ${LADDER} until a p99 is above ${P99_MAX_MS} ms, and divided by what one person does. More people hold more streams: what those cost is in fanout.`,
        'Calls come at a steady rate whether or not earlier ones have ended. One server, one notify, one worker, Postgres with fsync, the callers and the subscribers share the cores.',
      ],
    };
  },
};

async function climb(
  day: Day,
  mix: Mix,
  limits: { readonly forMs: number; readonly steps: number },
  print: RunOptions['print'],
): Promise<readonly Carried[]> {
  const steps: Carried[] = [];
  await day.carry(mix, FIRST_PER_SECOND, limits.forMs).catch(() => undefined);
  for (let perSecond = FIRST_PER_SECOND; steps.length < limits.steps; perSecond *= LADDER) {
    const step = await day.carry(mix, perSecond, limits.forMs).catch((error: unknown) => {
      print(`  ${String(error)}`);
      return undefined;
    });
    if (step === undefined) break;
    const { p50Ms, p99Ms } = step;
    print(`  ${mix}: ${perSecond.toFixed(0)} actions a second: p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(0)} ms`);
    steps.push(step);
    if (p99Ms > P99_MAX_MS) break;
  }
  return steps;
}

function figuresOf(steps: readonly Carried[], of: string): readonly Figure[] {
  const best = steps.findLast(({ p99Ms }) => p99Ms <= P99_MAX_MS) ?? { perSecond: 0, p50Ms: 0, p99Ms: 0 };
  return [
    { name: `${of}actions at p99 below 200 ms`, unit: 'a second', runs: [best.perSecond] },
    { name: `${of}people who do so much`, unit: 'people', runs: [best.perSecond / actionsPerSecondOfOne] },
    { name: `${of}p50 of a call there`, unit: 'ms', runs: [best.p50Ms] },
    { name: `${of}p99 of a call there`, unit: 'ms', runs: [best.p99Ms] },
  ];
}

interface Day extends AsyncDisposable {
  readonly streams: number;
  /** Throws if a call is refused or too many calls wait. */
  carry(mix: Mix, perSecond: number, forMs: number): Promise<Carried>;
}

async function openDay({ isQuick, folder, from, nodeArgs }: RunOptions): Promise<Day> {
  const streams = isQuick ? 100 : 1_000;
  const opened = new EndingTogether();
  const texts = await textsOf(from);
  const database = opened.use(await benchDatabase({ folder, isDurable: true }));
  const keys = benchKeys();
  await keys.publish(database.pool);
  const { encryptionKey } = keys;
  const town = await makeTown(database.pool, { count: streams, texts, encryptionKey });
  const server = opened.use(await benchService({ kind: 'server', database, keys, folder, nodeArgs }));
  opened.use(await benchService({ kind: 'worker', database, keys, folder }));
  const notify = opened.use(await benchService({ kind: 'notify', database, keys, folder }));
  const tokens = town.people.map((person) => keys.tokenFor(person));
  const subscribers = opened.use(startSubscribers(folder));
  const heads = tokens.map((token) => headOf('/trpc/notification.events', { authorization: `Bearer ${token}` }));
  await subscribers.open(
    heads.map((head) => ({ port: notify.port, head })),
    '"kind":"ready"',
  );
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  let turn = 0;
  return {
    streams,
    async carry(mix, perSecond, forMs) {
      const tookMs: number[] = [];
      const onResponse = (ms: number) => void tookMs.push(ms);
      const way = { agent, serverPort: server.port, notifyPort: notify.port, onResponse };
      await paced(perSecond, forMs, async () => {
        turn += 1;
        const at = Math.floor(Math.random() * streams);
        const action = actionAt(mix, Math.random());
        const chats = town.chatsOf[at]?.filter(({ isChannel }) => isChannel === (action === 'open channel')) ?? [];
        const chat = chats[turn % chats.length] ?? town.chatsOf[at]?.[0];
        if (chat === undefined) return;
        const who = { token: tokens[at] ?? '', userId: town.people[at]?.userId ?? '', workspaceId: town.workspaceId };
        const text = texts[turn % texts.length] ?? '';
        await act(way, action, { ...who, chat, text, isTyping: mix === 'whole', turn });
      });
      return { perSecond, p50Ms: percentile(tookMs, 0.5), p99Ms: percentile(tookMs, 0.99) };
    },
    async [Symbol.asyncDispose]() {
      agent.destroy();
      await opened[Symbol.asyncDispose]();
    },
  };
}
