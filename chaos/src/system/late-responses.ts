import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '@fechatter/testing/chance';

/** Delays random responses of the servers to a client, so that events overtake them. */
export class LateResponses {
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
