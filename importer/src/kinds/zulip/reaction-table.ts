import type { ImportedReaction } from '../../stream.ts';

/** Far more than a realm of half a million messages has. */
const REACTIONS_MAX = 4_000_000;
const KINDS_MAX = 65_536;
/** Of a row: the message, the person, the emoji. */
const WIDTH = 3;

/**
 * The reactions of all messages, which an export lists apart from them. Each takes 28 bytes: this is the only thing in memory that
 * grows with the history.
 */
export class ReactionTable {
  #rows = new Float64Array(WIDTH * 1_024);
  #count = 0;
  /** The numbers of the rows, by message; made when the first is looked up. */
  #byMessage: Uint32Array | undefined;
  readonly #emoji: string[] = [];
  readonly #kinds = new Map<string, number>();
  /** Reactions beyond what can be held. */
  left = 0;

  add(message: number, person: number, emoji: string): void {
    if (this.#count === REACTIONS_MAX) {
      this.left++;
      return;
    }
    const at = WIDTH * this.#count;
    if (at === this.#rows.length) {
      const larger = new Float64Array(2 * at);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    this.#rows.set([message, person, this.#kindOf(emoji)], at);
    this.#count++;
    this.#byMessage = undefined;
  }

  /** The reactions of a message, by kind, in their order. */
  of(message: number): readonly ImportedReaction[] {
    const order = (this.#byMessage ??= this.#sorted());
    const kinds = new Map<string, string[]>();
    for (let n = this.#firstOf(message, order); n < order.length; n++) {
      const [of, person, kind = 0] = this.#row(order[n] ?? 0);
      if (of !== message) break;
      const emoji = this.#emoji[kind] ?? '';
      const people = kinds.get(emoji);
      if (people === undefined) kinds.set(emoji, [String(person)]);
      else people.push(String(person));
    }
    return [...kinds].map(([emoji, people]) => ({ emoji, people }));
  }

  #row(n: number): Float64Array {
    return this.#rows.subarray(WIDTH * n, WIDTH * n + WIDTH);
  }

  #messageOf(n: number): number {
    return this.#rows[WIDTH * n] ?? 0;
  }

  #sorted(): Uint32Array {
    const order = Uint32Array.from({ length: this.#count }, (_, n) => n);
    return order.sort((a, b) => this.#messageOf(a) - this.#messageOf(b) || a - b);
  }

  #firstOf(message: number, order: Uint32Array): number {
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#messageOf(order[middle] ?? 0) < message) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #kindOf(emoji: string): number {
    const known = this.#kinds.get(emoji);
    if (known !== undefined) return known;
    if (this.#emoji.length === KINDS_MAX) return KINDS_MAX - 1;
    this.#kinds.set(emoji, this.#emoji.length);
    return this.#emoji.push(emoji) - 1;
  }
}
