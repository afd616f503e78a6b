import { setTimeout as wait } from 'node:timers/promises';
import { cpuMs, memoryBytes } from '../frame/process-cost.ts';
import { percentile } from '../frame/statistics.ts';
import { type Subscribers, startSubscribers } from '../load/subscribers.ts';
import type { Contender, Crowd } from './contender.ts';

/** A contender with its connected subscribers. Dispose of it before the contender. */
export interface Arena extends AsyncDisposable {
  readonly contender: Contender;
  readonly memoryBytesPerSubscriber: number;
  /** Publishes `messages` messages, `atOnce` at a time, and waits until each has reached its whole room. */
  round(messages: number, atOnce: number): Promise<Round>;
  /** Its CPU while nothing happens, in percent of a core. */
  idlePercent(forMs: number): Promise<number>;
}

export interface Round {
  readonly cpuMicrosecondsPerDelivery: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const SETTLE_MS = 1_500;

export async function openArena(contender: Contender, crowd: Crowd, folder: string): Promise<Arena> {
  const subscribers: Subscribers = startSubscribers(folder);
  const perRoom = crowd.subscribers / crowd.rooms;
  const memory = () => contender.pids().reduce((sum, pid) => sum + memoryBytes(pid), 0);
  const cpu = () => cpuMs(...contender.pids());
  const before = memory();
  const requests = Array.from({ length: crowd.subscribers }, (_, subscriber) => contender.requestOf(subscriber));
  await subscribers.open(requests, contender.readyMark);
  await wait(SETTLE_MS);
  const memoryBytesPerSubscriber = (memory() - before) / crowd.subscribers;
  let mark = 1;
  const publishOne = async (): Promise<number> => {
    const own = mark++;
    const [sentAtNs, completeAtNs] = await Promise.all([
      contender.publish(own % crowd.rooms, own),
      subscribers.complete(own),
    ]);
    return Number(completeAtNs - sentAtNs) / 1e6;
  };
  subscribers.expect(perRoom);
  return {
    contender,
    memoryBytesPerSubscriber,
    async round(messages, atOnce) {
      const cpuBefore = cpu();
      const latencies: number[] = [];
      let left = messages;
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          while (left-- > 0) latencies.push(await publishOne());
        }),
      );
      return {
        cpuMicrosecondsPerDelivery: ((cpu() - cpuBefore) * 1_000) / (messages * perRoom),
        p50Ms: percentile(latencies, 0.5),
        p99Ms: percentile(latencies, 0.99),
      };
    },
    async idlePercent(forMs) {
      const cpuBefore = cpu();
      const startedAtMs = performance.now();
      await wait(forMs);
      return (100 * (cpu() - cpuBefore)) / (performance.now() - startedAtMs);
    },
    [Symbol.asyncDispose]: () => subscribers.stop('SIGKILL'),
  };
}
