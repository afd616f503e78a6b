interface Asked<Value> {
  readonly answer: Promise<Value | undefined>;
  readonly resolve: (value: Value | undefined) => void;
  readonly reject: (error: unknown) => void;
}

const KEYS_MAX = 200;

/**
 * Answers many who ask for one key each with few queries: while one is under way the next collects, without a timer. A
 * key is never read by a query that began before it was asked for, so what is committed before a caller asks is always
 * in its answer. A failure is the failure of all in its query.
 */
export class BatchedReads<Value> {
  readonly #load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>;
  /** Nothing was asked of the database for these yet. */
  readonly #asked = new Map<string, Asked<Value>>();
  #isReading = false;

  constructor(load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>) {
    this.#load = load;
  }

  /** What there is at a key now; undefined where there is nothing. */
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
