import type { Benchmark, Figure } from '../benchmark.ts';
import { percentile } from '../frame/statistics.ts';
import { type LoadResult, runLoad } from './load.ts';
import { type Kind, openStage, PEOPLE } from './stage.ts';

const PER_SECOND = 100;

/** How many pushes a worker sends, what each costs, and how late they are. */
export const push: Benchmark = {
  name: 'push',
  title: `Pushes to ${PEOPLE.toLocaleString('en-US')} people, at ${PER_SECOND} messages a second`,
  needs: [],
  async run(options) {
    const { isQuick, print } = options;
    await using stage = await openStage(options);
    const figures: Figure[] = [];
    const loads = { 'chats of two': stage.pairs, 'groups of ten': stage.groups };
    for (const kind of ['WebPush', 'Apns'] satisfies Kind[]) {
      await stage.subscribe(kind);
      for (const [of, chatIds] of Object.entries(loads)) {
        const size = PEOPLE / chatIds.length;
        const result = await runLoad(stage, { chatIds, size, perSecond: PER_SECOND, forMs: isQuick ? 5_000 : 30_000 });
        figures.push(...figuresOf(`${kind}, ${of}`, result));
        print(`  ${kind}, ${of}: ${result.pushes} pushes, of which ${result.ofRead} of what had been read`);
      }
    }
    return { figures, plots: [], notes };
  },
};

const figuresOf = (name: string, { perSecond, lagsMs, workerUs, postgresUs, ofRead }: LoadResult): Figure[] => [
  { name: `${name}: pushes`, unit: 'a second', runs: [perSecond] },
  { name: `${name}: p50 from commit to push service`, unit: 'ms', runs: [percentile(lagsMs, 0.5)] },
  { name: `${name}: p99 from commit to push service`, unit: 'ms', runs: [percentile(lagsMs, 0.99)] },
  { name: `${name}: the worker, a push`, unit: 'µs of CPU', runs: [workerUs] },
  { name: `${name}: Postgres, a push`, unit: 'µs of CPU', runs: [postgresUs] },
  {
    name: `${name}: pushes of what had been read`,
    unit: 'pushes',
    runs: [ofRead],
    target: { of: 'median', atMost: 0 },
  },
];

const notes = [
  `${PEOPLE.toLocaleString('en-US')} people have one device each. One person sends ${PER_SECOND} messages a second, to a chat after the other: chats of two, or groups of ten others.`,
  'A push waits five seconds on purpose, and the time from the commit to the push service contains them. In chats of two every fourth message is read at once, as on another device.',
  'One worker without the index of messages. The push services are in the process that sends: over TLS, a connection for each push with Web Push, one connection over HTTP/2 with APNs. They check and decrypt nothing.',
  'The CPU of Postgres contains the sends; that of the worker everything that it did meanwhile.',
];
