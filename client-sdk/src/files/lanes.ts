/**
 * Runs calls several at once, and after the first failure one after the other: on a slow connection uploads at the same time
 * share what it carries, and none of them may end before the server gives it up.
 */
export class Lanes {
  #width: number;
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  /** Calls when there is room. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    while (this.#busy >= this.#width) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy += 1;
    try {
      return await call();
    } catch (error) {
      this.#width = 1;
      throw error;
    } finally {
      this.#busy -= 1;
      if (this.#busy < this.#width) this.#waiting.shift()?.();
    }
  }
}
