interface PendingRead<Value> {
  readonly result: Promise<Value | undefined>;
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
  readonly #pending = new Map<string, PendingRead<Value>>();
  #isReading = false;

  constructor(load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>) {
    this.#load = load;
  }

  /** The current value of a key; undefined if there is none. */
  read(key: string): Promise<Value | undefined> {
    const pending = this.#pending.get(key) ?? this.#request(key);
    if (!this.#isReading) void this.#readAll();
    return pending.result;
  }

  #request(key: string): PendingRead<Value> {
    const settle: Pick<PendingRead<Value>, 'resolve' | 'reject'> = { resolve: () => {}, reject: () => {} };
    const result = new Promise<Value | undefined>((resolve, reject) => Object.assign(settle, { resolve, reject }));
    const pending = { result, resolve: settle.resolve, reject: settle.reject };
    this.#pending.set(key, pending);
    return pending;
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    while (this.#pending.size > 0) {
      const batch = [...this.#pending].slice(0, KEYS_MAX);
      for (const [key] of batch) this.#pending.delete(key);
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
