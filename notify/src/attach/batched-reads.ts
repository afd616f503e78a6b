interface Asked<Value> {
  readonly answer: Promise<Value | undefined>;
  readonly resolve: (value: Value | undefined) => void;
  readonly reject: (error: unknown) => void;
}

const KEYS_MAX = 200;

/**
 * Serves many callers, each of which asks for one key, with few queries: while one query runs, the next one collects
 * keys, without a timer. A key is never read by a query that began before it was requested, so the result always
 * contains what was committed before the request. A failed query fails for all its callers.
 */
export class BatchedReads<Value> {
  readonly #load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>;
  /** Keys that no query has requested yet. */
  readonly #asked = new Map<string, Asked<Value>>();
  #isReading = false;

  constructor(load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>) {
    this.#load = load;
  }

  /** The current value of a key; undefined if there is none. */
  read(key: string): Promise<Value | undefined> {
    const asked = this.#asked.get(key) ?? this.#ask(key);
    if (!this.#isReading) void this.#readAll();
    return asked.answer;
  }

  #ask(key: string): Asked<Value> {
    const settle: Pick<Asked<Value>, 'resolve' | 'reject'> = { resolve: () => {}, reject: () => {} };
    const answer = new Promise<Value | undefined>((resolve, reject) => Object.assign(settle, { resolve, reject }));
    const asked = { answer, resolve: settle.resolve, reject: settle.reject };
    this.#asked.set(key, asked);
    return asked;
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    while (this.#asked.size > 0) {
      const batch = [...this.#asked].slice(0, KEYS_MAX);
      for (const [key] of batch) this.#asked.delete(key);
      try {
        const found = await this.#load(batch.map(([key]) => key));
        for (const [key, { resolve }] of batch) resolve(found.get(key));
      } catch (error) {
        for (const [, { reject }] of batch) reject(error);
      }
    }
    this.#isReading = false;
  }
}
