import type { Benchmark, Figure } from '../benchmark.ts';
import { interleaved } from '../frame/interleaved.ts';
import { summaryOf } from '../frame/statistics.ts';
import { wrkNeed } from '../load/wrk.ts';
import { pgbenchNeed } from './pgbench.ts';
import { type Load, openStage, type Sent, type Stage } from './stage.ts';

const IN_FLIGHT = [1, 8, 32, 128];
const HOT_IN_FLIGHT = [32, 128];
const TARGET_IN_FLIGHT = 32;
/** How much of the lean statement's rate is to be reached, by the number in flight. */
const PART_OF_LEAN: Readonly<Record<number, number>> = { 1: 0.7, 32: 0.6 };
const CPU_OF_LEAN = 1.6;
const PART_OF_MANY = 0.9;
const PART_OF_SENDS = 1;
const START_MAX_MS = 1_000;

/** The cost of sending a message, and how many a second one server sends. */
export const send: Benchmark = {
  name: 'send',
  title: 'sending messages',
  needs: [wrkNeed, pgbenchNeed],
  async run({ isQuick, folder, found, nodeArgs, print }) {
    await using stage = await openStage(folder, found, nodeArgs);
    const seconds = isQuick ? 2 : 6;
    await stage.http('many', TARGET_IN_FLIGHT, isQuick ? 4 : 15);
    const runs = await interleaved(
      isQuick ? 1 : 3,
      contendersOn(stage, seconds, isQuick ? IN_FLIGHT.slice(0, 3) : IN_FLIGHT),
    );
    for (const [name, sent] of Object.entries(runs)) print(`  ${name}: ${shown(sent)}`);
    const figures = Object.entries(runs).flatMap(([name, sent]) => figuresOf(name, sent));
    figures.push({
      name: 'server: from its start until it is ready',
      unit: 'ms',
      runs: [stage.startMs],
      target: { of: 'median', atMost: START_MAX_MS },
    });
    const line = (name: string, counts: readonly number[], of: (count: number) => string) => ({
      name,
      points: counts.flatMap((count): [number, number][] => {
        const sent: readonly Sent[] = runs[of(count)] ?? [];
        return sent.length === 0 ? [] : [[count, summaryOf(sent.map(({ perSecond }) => perSecond)).median]];
      }),
    });
    return {
      figures,
      plots: [
        {
          title: 'Messages sent a second',
          xLabel: 'in flight',
          yLabel: 'a second',
          series: [
            line('over HTTP, many chats', IN_FLIGHT, (count) => nameOf('http', 'many', count)),
            line('over HTTP, one hot chat', HOT_IN_FLIGHT, (count) => nameOf('http', 'hot', count)),
            line('pgbench, many chats', IN_FLIGHT, (count) => nameOf('pgbench', 'many', count)),
            line('lean statement', Object.keys(PART_OF_LEAN).map(Number), (count) => nameOf('lean', 'many', count)),
          ],
        },
      ],
      notes: [
        'One server process; Postgres with fsync; 100 chats with 50 members each. wrk sends what the stock client sends, one message a request, from one thread that shares the cores with server and Postgres.',
        'Reactions to 20 messages of the hot chat by its 50 members: each puts one there, and later takes it back; every request changes something and returns the message.',
        'The lean statement is the least that a chat needs of a database: one insert, one counter and one event a message, by pgbench, in a database of its own on the same Postgres with 1,000 chats of 20 people. Its messages are in clear and are not sent once a `clientId`; nobody is verified or told.',
        'pgbench otherwise calls the same `send_batch()` with one message a statement, with as many clients as there are requests in flight; it encrypts, verifies and returns nothing. Limits are off on both sides.',
        'CPU a message is of server (or pgbench) and Postgres together, without wrk.',
      ],
    };
  },
};

type By = 'http' | 'pgbench' | 'lean';
const names: Readonly<Record<By, string>> = { http: 'sends', pgbench: 'pgbench', lean: 'lean statement' };

const nameOf = (by: By, load: Load, inFlight: number) =>
  `${load === 'reactions' ? 'reactions' : names[by]}, ${load === 'many' ? '' : 'one hot chat, '}${inFlight} in flight`;

function contendersOn(stage: Stage, seconds: number, counts: readonly number[]): Record<string, () => Promise<Sent>> {
  const contenders: Record<string, () => Promise<Sent>> = {};
  const { pgbench } = stage;
  for (const [chats, inFlight] of [
    ['many', counts],
    ['hot', HOT_IN_FLIGHT],
  ] as const) {
    for (const count of inFlight) {
      contenders[nameOf('http', chats, count)] = () => stage.http(chats, count, seconds);
      if (pgbench && chats === 'many' && PART_OF_LEAN[count] !== undefined)
        contenders[nameOf('lean', chats, count)] = () => pgbench.lean(count, seconds);
      // A client that waits longer than 2 s for a head ends a run of pgbench, which happens with this many on one head.
      if (pgbench && (chats === 'many' || count <= TARGET_IN_FLIGHT))
        contenders[nameOf('pgbench', chats, count)] = () => pgbench.statements(chats, count, seconds);
    }
  }
  contenders[nameOf('http', 'reactions', TARGET_IN_FLIGHT)] = () => stage.http('reactions', TARGET_IN_FLIGHT, seconds);
  return contenders;
}

const shown = (sent: readonly Sent[]) =>
  sent
    .map(
      ({ perSecond, clientUs, postgresUs }) =>
        `${perSecond.toFixed(0)} a second, ${clientUs.toFixed(0)} + ${postgresUs.toFixed(0)} µs`,
    )
    .join(' | ');

function figuresOf(name: string, sent: readonly Sent[]): Figure[] {
  if (name.startsWith('reactions')) return reactionFigures(name, sent);
  const isOurs = name.startsWith('sends');
  const isHot = name.includes('hot');
  const twin = name.replace('sends', 'pgbench');
  const reference = isHot ? name.replace('one hot chat, ', '') : twin;
  const perSecond = sent.map((one) => one.perSecond);
  const cpuUs = sent.map(({ clientUs, postgresUs }) => clientUs + postgresUs);
  const hasHotTarget = isOurs && isHot && name.endsWith(` ${TARGET_IN_FLIGHT} in flight`);
  return [
    {
      name,
      unit: 'a second',
      runs: perSecond,
      ...(isOurs && { reference }),
      ...(hasHotTarget && { target: { of: 'ratio', atLeast: PART_OF_MANY } as const }),
    },
    {
      name: `${name}: CPU a message`,
      unit: 'µs',
      runs: cpuUs,
      ...(isOurs && { reference: `${twin}: CPU a message` }),
    },
    ...(isOurs ? [{ name: `${name}: of it Node`, unit: 'µs', runs: sent.map(({ clientUs }) => clientUs) }] : []),
    ...(isOurs && !isHot ? besideLean(name, perSecond, cpuUs) : []),
  ];
}

/** The same runs beside the least that a database has to do for a message. */
function besideLean(name: string, perSecond: readonly number[], cpuUs: readonly number[]): Figure[] {
  const atLeast = PART_OF_LEAN[Number(/(\d+) in flight$/.exec(name)?.[1])];
  if (atLeast === undefined) return [];
  const lean = name.replace(names.http, names.lean);
  return [
    {
      name: `${name}, beside the lean statement`,
      unit: 'a second',
      runs: perSecond,
      reference: lean,
      target: { of: 'ratio', atLeast },
    },
    {
      name: `${name}, beside the lean statement: CPU a message`,
      unit: 'µs',
      runs: cpuUs,
      reference: `${lean}: CPU a message`,
      target: { of: 'ratio', atMost: CPU_OF_LEAN },
    },
  ];
}

/** Compared with sends to the same chat in the same run: they share its queue. */
function reactionFigures(name: string, sent: readonly Sent[]): Figure[] {
  const reference = name.replace('reactions', 'sends');
  const runs = (of: (one: Sent) => number) => sent.map(of);
  return [
    {
      name,
      unit: 'a second',
      runs: runs(({ perSecond }) => perSecond),
      reference,
      target: { of: 'ratio', atLeast: PART_OF_SENDS },
    },
    {
      name: `${name}: CPU a reaction`,
      unit: 'µs',
      runs: runs(({ clientUs, postgresUs }) => clientUs + postgresUs),
      reference: `${reference}: CPU a message`,
    },
    { name: `${name}: of it Node`, unit: 'µs', runs: runs(({ clientUs }) => clientUs) },
  ];
}
