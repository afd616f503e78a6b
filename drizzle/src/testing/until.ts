import { setTimeout as wait } from 'node:timers/promises';

const GIVE_UP_MS = 20_000;
const ASK_AGAIN_MS = 3;

/** Waits for a fact, asking again and again; throws with its name when it does not come true. */
export async function until(fact: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - startedAt > GIVE_UP_MS) throw new Error(`in vain: ${fact}`);
    await wait(ASK_AGAIN_MS);
  }
}
