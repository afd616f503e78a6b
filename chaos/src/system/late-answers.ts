import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '@fechatter/testing/chance';

/** Holds answers of the servers back on their way to a client, each by chance: what was told meanwhile overtakes them. */
export class LateAnswers {
  #maxMs = 0;

  async during(forMs: number, maxMs: number): Promise<void> {
    this.#maxMs = maxMs;
    await wait(forMs);
    this.#maxMs = 0;
  }

  async hold(chance: Chance): Promise<void> {
    if (this.#maxMs > 0 && chance.hits(0.7)) await wait(chance.below(this.#maxMs));
  }
}
