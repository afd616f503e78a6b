/** The keys of what has no subscriber, which is kept for the next one: the one left first is forgotten when there are too many. */
export class Idle {
  /** The one left first at the front. */
  readonly #keys = new Set<string>();
  readonly #max: number;
  readonly #forget: (key: string) => void;

  constructor(max: number, forget: (key: string) => void) {
    this.#max = max;
    this.#forget = forget;
  }

  /** It has lost its last subscriber. */
  add(key: string): void {
    this.#keys.add(key);
    const [eldest] = this.#keys;
    if (this.#keys.size <= this.#max || eldest === undefined) return;
    this.#keys.delete(eldest);
    this.#forget(eldest);
  }

  /** It has a subscriber again. */
  delete(key: string): void {
    this.#keys.delete(key);
  }
}
