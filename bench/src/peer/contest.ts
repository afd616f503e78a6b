import type { Crowd } from '../fanout/contender.ts';
import { interleaved } from '../frame/interleaved.ts';
import { EndingTogether } from '../frame/ending-together.ts';
import type { Rooms, System } from './system.ts';

/** The result of one round of sends. */
export interface Round {
  readonly perSecond: number;
  /** CPU per delivery of the system's processes and Postgres, in µs. */
  readonly cpuADelivery: number;
}

export interface Contest {
  readonly crowd: Crowd;
  readonly rounds: number;
  /** Messages per round. */
  readonly messages: number;
  /** Messages before the first round, which are not counted. */
  readonly warmUp: number;
}

const IN_FLIGHT = 32;

/** Fills each system's rooms and lets them take turns. Throws when one has not archived every message that it delivered. */
export async function contest<Name extends string>(
  systems: Readonly<Record<Name, System>>,
  { crowd, rounds, messages, warmUp }: Contest,
): Promise<Record<Name, Round[]>> {
  await using opened = new EndingTogether();
  const turns = {} as Record<Name, () => Promise<Round>>;
  const checks: (() => Promise<void>)[] = [];
  for (const name of Object.keys(systems) as Name[]) {
    const system = systems[name];
    const rooms = opened.use(await system.fill(crowd));
    const storedBefore = await system.stored();
    let sent = 0;
    turns[name] = async () => {
      const cpuBefore = system.cpuMs();
      const startedAtMs = performance.now();
      await deliver(rooms, sent, messages);
      const tookMs = performance.now() - startedAtMs;
      const deliveries = (messages * crowd.subscribers) / crowd.rooms;
      const cpuADelivery = ((system.cpuMs() - cpuBefore) * 1_000) / deliveries;
      sent += messages;
      return { perSecond: (messages * 1_000) / tookMs, cpuADelivery };
    };
    await deliver(rooms, sent, warmUp);
    sent += warmUp;
    checks.push(async () => {
      const stored = (await system.stored()) - storedBefore;
      if (stored !== sent) throw new Error(`${name} has stored ${stored} of ${sent} messages`);
    });
  }
  const runs = await interleaved(rounds, turns);
  for (const check of checks) await check();
  return runs;
}

/**
 * Sends `messages` messages, `atOnce` at a time; each counts until it was accepted and the last of its room has
 * received it.
 */
async function deliver(rooms: Rooms, sentBefore: number, messages: number): Promise<void> {
  let at = 0;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (at < messages) {
        const mark = sentBefore + at++;
        await Promise.all([rooms.subscribers.complete(mark), rooms.send(mark)]);
      }
    }),
  );
}
