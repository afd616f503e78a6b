import { setTimeout as wait } from 'node:timers/promises';

const IN_FLIGHT_MAX = 20_000;

/**
 * Calls `work` at a steady rate, whether or not earlier calls have ended, and passes the time (process.hrtime) at which
 * the call was due, so that waiting counts as latency. Resolves when all have ended.
 */
export async function paced(
  perSecond: number,
  forMs: number,
  work: (dueAtNs: bigint) => Promise<unknown>,
): Promise<void> {
  const calls = Math.floor((perSecond * forMs) / 1_000);
  const startNs = process.hrtime.bigint();
  const running = new Set<Promise<unknown>>();
  for (let call = 0; call < calls; ) {
    const dueNs = startNs + BigInt(Math.round((call * 1e9) / perSecond));
    if (process.hrtime.bigint() < dueNs) {
      await wait(1);
      continue;
    }
    if (running.size >= IN_FLIGHT_MAX) throw new Error(`${perSecond.toFixed(0)} a second is more than it can do`);
    const one = work(dueNs).finally(() => running.delete(one));
    running.add(one);
    call++;
  }
  await Promise.all(running);
}
