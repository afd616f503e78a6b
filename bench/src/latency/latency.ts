import type { Benchmark, Figure } from '../benchmark.ts';
import { interleaved } from '../frame/interleaved.ts';
import { percentile, summaryOf } from '../frame/statistics.ts';
import { listenNotifyMs } from './listen-notify.ts';
import { paced } from './paced.ts';
import { openStage, type Stage } from './stage.ts';

const PARTS = [0.1, 0.5, 0.8];
const AT_ONCE = 64;
const PERCENTILES = [0.5, 0.99, 0.999];
const COMMITTED_PER_SECOND = 4_000;
const COMMITTED_AT_ONCE = 8;
const P50_MAX_MS = 10;
const P99_MAX_MS = 30;

/** The time from sending to delivery of a message, under low and high load. */
export const latency: Benchmark = {
  name: 'latency',
  title: 'from send to the other screen',
  needs: [],
  async run({ isQuick, folder, nodeArgs, print }) {
    await using stage = await openStage(folder, nodeArgs);
    const forMs = isQuick ? 1_500 : 8_000;
    await saturatedPerSecond(stage, forMs / 2);
    const saturated = await saturatedPerSecond(stage, forMs);
    print(`  saturated at ${saturated.toFixed(0)} sends a second`);
    const parts = PARTS.map(
      (part) => [`${part * 100} % of it`, () => sendsMs(stage, saturated * part, forMs)] as const,
    );
    const runs = await interleaved(isQuick ? 1 : 5, {
      'bare LISTEN/NOTIFY': () => listenNotifyMs(stage.databaseUrl, isQuick ? 200 : 2_000),
      ...Object.fromEntries(parts),
      committed: () => commitsMs(stage, forMs),
    });
    const figures: Figure[] = [{ name: 'saturated: sends', unit: 'a second', runs: [saturated] }];
    for (const [name, rounds] of Object.entries(runs)) figures.push(...percentilesOf(name, rounds));
    return {
      figures,
      plots: [
        {
          title: 'Send called until the event is in hands',
          xLabel: `sends a second (saturated: ${saturated.toFixed(0)})`,
          yLabel: 'ms',
          series: PERCENTILES.map((part) => ({
            name: percentText(part),
            points: PARTS.map((of) => {
              const rounds: readonly (readonly number[])[] = runs[`${of * 100} % of it` as keyof typeof runs] ?? [];
              return [saturated * of, summaryOf(rounds.map((round) => percentile(round, part))).median] as const;
            }),
          })),
        },
      ],
      notes: [
        `Saturated: ${AT_ONCE} sends in flight over HTTP, each waited for until its event has come; the rates are parts of that. Sends are due at a steady rate and counted from when they were due, so what waits because the system is late counts as late.`,
        'The sender, the subscribers, server, notify and Postgres (with fsync) share the cores; 50 chats with one stream each.',
        `Committed: messages written ${COMMITTED_AT_ONCE} a call by \`send_batch()\` at ${COMMITTED_PER_SECOND.toLocaleString('en-US')} a second, from the return of the commit until the event is in hands; no server in between.`,
      ],
    };
  },
};

const percentText = (part: number): string => `p${part * 100}`;

function percentilesOf(name: string, rounds: readonly (readonly number[])[]): Figure[] {
  const isFloor = name === 'bare LISTEN/NOTIFY';
  const what =
    name === 'committed' ? 'committed → in hands, 4,000 a second' : isFloor ? name : `send → in hands, ${name}`;
  return PERCENTILES.map((part) => {
    const bound = part === 0.5 ? P50_MAX_MS : part === 0.99 ? P99_MAX_MS : undefined;
    return {
      name: `${what}: ${percentText(part)}`,
      unit: 'ms',
      runs: rounds.map((round) => percentile(round, part)),
      ...(!isFloor && { reference: `bare LISTEN/NOTIFY: ${percentText(part)}` }),
      ...(name === 'committed' && bound !== undefined && { target: { of: 'median', atMost: bound } }),
    };
  });
}

async function saturatedPerSecond(stage: Stage, forMs: number): Promise<number> {
  let sent = 0;
  const startedAtMs = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (; performance.now() - startedAtMs < forMs; sent++) await stage.send();
    }),
  );
  return sent / ((performance.now() - startedAtMs) / 1_000);
}

async function sendsMs(stage: Stage, perSecond: number, forMs: number): Promise<readonly number[]> {
  const tookMs: number[] = [];
  await paced(perSecond, forMs, async (dueAtNs) => {
    tookMs.push(Number((await stage.send()) - dueAtNs) / 1e6);
  });
  return tookMs;
}

async function commitsMs(stage: Stage, forMs: number): Promise<readonly number[]> {
  const tookMs: number[] = [];
  await paced(COMMITTED_PER_SECOND / COMMITTED_AT_ONCE, forMs, async () => {
    tookMs.push(...(await stage.commit(COMMITTED_AT_ONCE)));
  });
  return tookMs;
}
