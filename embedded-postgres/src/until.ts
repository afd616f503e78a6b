import { setTimeout as pause } from 'node:timers/promises';

const pollEveryMs = 10;

/** Polls until the fact holds; returns undefined if the deadline passes first. */
export async function until<Fact>(
  ask: () => Fact | undefined | Promise<Fact | undefined>,
  timeoutMs: number,
): Promise<Fact | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const fact = await ask();
    if (fact !== undefined || performance.now() > deadline) return fact;
    await pause(pollEveryMs);
  }
}
