import type { Benchmark, Figure, Plot, RunOptions } from '../benchmark.ts';
import { openFilesMax } from '../frame/machine.ts';
import { benchDatabase } from '../system/bench-database.ts';
import type { Crowd } from './contender.ts';
import { measureCrowd, type Measured } from './measure-crowd.ts';
import { targetOf } from './targets.ts';

const SIZES = [100, 1_000, 5_000, 10_000];
/** Open files beside one per subscriber: programs, libraries, Postgres. */
const OTHER_FILES = 500;
const MANY: Crowd = { subscribers: 1_000, rooms: 100 };

/** Events to subscribers: the cost of one delivery, compared with C, with bare Node, and with stock tRPC. */
export const fanout: Benchmark = {
  name: 'fanout',
  title: 'one event to many subscribers',
  needs: [
    { name: 'nginx', places: ['nginx', '/usr/sbin/nginx'], install: 'apt-get install nginx-light' },
    {
      name: 'nchan',
      places: ['/usr/lib/nginx/modules/ngx_nchan_module.so'],
      install: 'apt-get install nginx-light libnginx-mod-nchan',
    },
  ],
  async run(options: RunOptions) {
    const { isQuick, folder, print } = options;
    await using database = await benchDatabase({ folder, isDurable: false });
    const filesMax = openFilesMax();
    const sizes = (isQuick ? [100, 500] : SIZES).filter((size) => size + OTHER_FILES <= filesMax);
    const crowds: Crowd[] = [...sizes.map((subscribers) => ({ subscribers, rooms: 1 })), MANY];
    const measured: Measured[] = [];
    for (const crowd of crowds) {
      print(`  ${crowdText(crowd)}`);
      measured.push(await measureCrowd(options, database, crowd));
    }
    return {
      figures: measured.flatMap(figuresOf),
      plots: plotsOf(measured.filter(({ crowd }) => crowd.rooms === 1)),
      notes: [
        'notify runs as in production (`pnpm build`) and reads the log: the message is written with its event by `send_batch()`, then notified. Its CPU includes numbering, reading the log, decrypting and checking access; its latency counts from the commit. The others get messages by HTTP; their latency counts from the request.',
        'nchan is sent the frames that notify wrote, byte for byte, and passes them on as they are (`http-raw-stream`, one worker). The bare hub is `node:http` that writes one Buffer to all raw sockets. Stock tRPC is a generator over an event emitter through the fetch adapter in Hono.',
        'One message at a time with one chat, each waited for until the last subscriber has it; 32 at a time with 100 chats. Subscribers are Node processes that count; they share the cores.',
        'Memory a subscriber is the growth of the process when all are connected, divided by their number.',
        `Open files: each process may have ${filesMax.toLocaleString('en-US')} here; crowds that do not fit are left out (\`ulimit -n\`).`,
        'Idle: a minute from the last message on, in which V8 compacts its heap once, and the minute behind it.',
      ],
    };
  },
};

const crowdText = ({ subscribers, rooms }: Crowd): string =>
  `${subscribers.toLocaleString('en-US')} subscribers${rooms === 1 ? '' : ` in ${rooms} chats`}`;

function figuresOf({ crowd, contenders, idlePercents, startMs }: Measured): Figure[] {
  const at = crowdText(crowd);
  const figures: Figure[] = [];
  const add = (figure: Figure) => figures.push(figure);
  for (const [name, { rounds }] of contenders) {
    const runs = rounds.map(({ cpuMicrosecondsPerDelivery }) => cpuMicrosecondsPerDelivery);
    const reference = name === 'nchan' ? undefined : name === 'stock tRPC' ? 'notify' : 'nchan';
    const what = `${at}: CPU a delivery`;
    const target = targetOf(name, crowd);
    add({
      name: `${name}, ${what}`,
      unit: 'µs',
      runs,
      ...(reference && { reference: `${reference}, ${what}` }),
      ...target,
    });
  }
  for (const [name, { memoryBytesPerSubscriber }] of contenders) {
    const isOurs = name === 'notify' && crowd.rooms === 1 && crowd.subscribers >= 1_000;
    add({
      name: `${name}, ${at}: memory a subscriber`,
      unit: 'KB',
      runs: [memoryBytesPerSubscriber / 1_024],
      ...(isOurs && { target: { of: 'median', atMost: 25 } }),
    });
  }
  for (const [name, { rounds }] of contenders) {
    add({ name: `${name}, ${at}: p50 to the last`, unit: 'ms', runs: rounds.map(({ p50Ms }) => p50Ms) });
    add({ name: `${name}, ${at}: p99 to the last`, unit: 'ms', runs: rounds.map(({ p99Ms }) => p99Ms) });
  }
  if (idlePercents !== undefined) {
    const [after, later] = idlePercents;
    const name = `notify, ${at} and nothing happening: CPU`;
    add({ name: `${name} in the first minute`, unit: '% of a core', runs: [after] });
    add({ name: `${name} from then on`, unit: '% of a core', runs: [later], target: { of: 'median', atMost: 1 } });
  }
  add({
    name: `notify, ${at}: start until ready`,
    unit: 'ms',
    runs: [startMs],
    target: { of: 'median', atMost: 1_000 },
  });
  return figures;
}

function plotsOf(measured: readonly Measured[]): Plot[] {
  const names = measured[0] === undefined ? [] : [...measured[0].contenders.keys()];
  const plot = (title: string, yLabel: string, ending: string): Plot => ({
    title,
    xLabel: 'subscribers of one chat',
    yLabel,
    series: names.map((name) => ({
      name,
      points: measured.flatMap((one) => {
        const runs = figuresOf(one).find(
          (figure) => figure.name === `${name}, ${crowdText(one.crowd)}: ${ending}`,
        )?.runs;
        if (runs === undefined) return [];
        return [[one.crowd.subscribers, runs.toSorted((a, b) => a - b)[Math.floor(runs.length / 2)] ?? 0] as const];
      }),
    })),
  });
  return [
    plot('CPU a delivery', 'µs', 'CPU a delivery'),
    plot('Memory a subscriber', 'KB', 'memory a subscriber'),
    plot('Published until the last subscriber has it, p99', 'ms', 'p99 to the last'),
  ];
}
