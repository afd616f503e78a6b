import type { Benchmark, Figure, Plot } from '../benchmark.ts';
import { EndingTogether } from '../frame/ending-together.ts';
import { summaryOf } from '../frame/statistics.ts';
import { benchDatabase } from '../system/bench-database.ts';
import { contest, type Round } from './contest.ts';
import { ejabberd } from './ejabberd.ts';
import { fechatter } from './fechatter.ts';
import type { System } from './system.ts';

/**
 * People per room, messages per round, and messages before the first round, because code that Node has just loaded is
 * slow.
 */
const SIZES = [
  { size: 10, messages: 4_000, warmUp: 8_000 },
  { size: 100, messages: 1_000, warmUp: 250 },
  { size: 1_000, messages: 120, warmUp: 30 },
];
const FULL = { people: 1_000, part: 1, rounds: 3 };
const QUICK = { people: 100, part: 0.1, rounds: 1 };
const CONNECTIONS_MAX = 200;

const install = 'apt-get install ejabberd erlang-p1-pgsql';

/** Compares with a whole chat system: messages stored and delivered. */
export const peer: Benchmark = {
  name: 'peer',
  title: 'beside ejabberd',
  needs: [
    { name: 'ejabberd', places: ['ejabberdctl', '/usr/sbin/ejabberdctl'], install },
    { name: "ejabberd's tables", places: ['/usr/share/ejabberd/sql/pg.sql'], install },
    { name: "ejabberd's driver of PostgreSQL", places: ['/usr/share/doc/erlang-p1-pgsql'], install },
  ],
  async run({ isQuick, folder, found, nodeArgs, print }) {
    await using opened = new EndingTogether();
    const settings = { max_connections: String(CONNECTIONS_MAX) };
    const database = opened.use(await benchDatabase({ folder, isDurable: true, settings }));
    const systems: Record<string, System> = { Fechatter: opened.use(await fechatter(folder, database, nodeArgs)) };
    const ejabberdctl = found.get('ejabberd');
    const schema = found.get("ejabberd's tables");
    if (ejabberdctl !== undefined && schema !== undefined && found.has("ejabberd's driver of PostgreSQL"))
      systems.ejabberd = opened.use(await ejabberd({ folder, database, ejabberdctl, schema }));

    const { people, part, rounds } = isQuick ? QUICK : FULL;
    const measured: Measured[] = [];
    for (const { size, messages, warmUp } of SIZES.filter(({ size }) => size <= people)) {
      const runs = await contest(systems, {
        crowd: { subscribers: people, rooms: people / size },
        rounds,
        messages: messages * part,
        warmUp: warmUp * part,
      });
      measured.push({ size, runs });
      for (const [name, rounds] of Object.entries(runs)) print(`  ${name}, rooms of ${size}: ${shown(rounds)}`);
    }
    return {
      figures: measured.flatMap(({ size, runs }) => Object.entries(runs).flatMap((run) => figuresOf(size, ...run))),
      plots: [
        plotOf(measured, 'Messages stored and delivered', 'a second', ({ perSecond }) => perSecond),
        plotOf(measured, 'CPU a delivery, Postgres included', 'µs', ({ cpuADelivery }) => cpuADelivery),
      ],
      notes: [
        `${people.toLocaleString('en-US')} people, each with one connection and in one room: ${people / 10} rooms of 10, and so on. Both systems hold theirs all the time and take turns, after ${(SIZES[0]?.warmUp ?? 0) * part} messages each to warm up; 32 messages are in flight, and the next goes when one was taken and the last of its room has it.`,
        'Both store in the same Postgres with fsync, and each message is archived before it is delivered; afterwards the archives are counted. A sender is one of the room and gets its own message too.',
        'CPU is of server and notify, or of the Erlang machine, together with all of Postgres. The load generators, which share the cores, do not count in it: our sends are requests over HTTP from one Node process, those to ejabberd are stanzas on the connections that receive.',
      ],
    };
  },
};

/** The systems' results in rooms of one size. */
interface Measured {
  readonly size: number;
  readonly runs: Readonly<Record<string, readonly Round[]>>;
}

const shown = (rounds: readonly Round[]) =>
  rounds
    .map(({ perSecond, cpuADelivery }) => `${perSecond.toFixed(0)} a second, ${cpuADelivery.toFixed(1)} µs`)
    .join(' | ');

function figuresOf(size: number, name: string, rounds: readonly Round[]): Figure[] {
  const figure = (what: string, unit: string, runs: readonly number[]): Figure => {
    const of = (system: string) => `${system}, rooms of ${size.toLocaleString('en-US')}: ${what}`;
    return { name: of(name), unit, runs, ...(name === 'Fechatter' && { reference: of('ejabberd') }) };
  };
  return [
    figure(
      'messages stored and delivered',
      'a second',
      rounds.map(({ perSecond }) => perSecond),
    ),
    figure(
      'CPU a delivery',
      'µs',
      rounds.map(({ cpuADelivery }) => cpuADelivery),
    ),
  ];
}

function plotOf(measured: readonly Measured[], title: string, yLabel: string, of: (round: Round) => number): Plot {
  const names = Object.keys(measured[0]?.runs ?? {});
  return {
    title,
    xLabel: 'people in a room',
    yLabel,
    series: names.map((name) => ({
      name,
      points: measured.map(({ size, runs }) => [size, summaryOf((runs[name] ?? []).map(of)).median] as const),
    })),
  };
}
