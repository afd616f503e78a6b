import { refuse } from '@fechatter/service-kit';

interface Waiting {
  readonly sessionId: string;
  readonly start: () => void;
}

const SLOTS = 8;
const QUEUE_MAX = 20_000;

/** Limits the database reads of replays: eight at a time, one per session; the others wait their turn. */
export class ReplaySlots {
  readonly #running = new Set<string>();
  #queue: Waiting[] = [];

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  async run<T>(sessionId: string, work: () => Promise<T>): Promise<T> {
    await this.#enter(sessionId);
    try {
      return await work();
    } finally {
      this.#running.delete(sessionId);
      this.#startNext();
    }
  }

  async #enter(sessionId: string): Promise<void> {
    if (this.#running.size < SLOTS && !this.#running.has(sessionId)) {
      this.#running.add(sessionId);
      return;
    }
    if (this.#queue.length >= QUEUE_MAX) throw refuse('database_unavailable');
    await new Promise<void>((start) => {
      this.#queue.push({ sessionId, start });
    });
  }

  #startNext(): void {
    while (this.#running.size < SLOTS) {
      const next = this.#queue.findIndex(({ sessionId }) => !this.#running.has(sessionId));
      const [waiting] = next < 0 ? [] : this.#queue.splice(next, 1);
      if (waiting === undefined) return;
      this.#running.add(waiting.sessionId);
      waiting.start();
    }
  }
}
