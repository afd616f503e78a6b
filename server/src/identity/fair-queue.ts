/**
 * What waits, in lanes within lanes: a path names them, the widest first. Each lane comes to its turn once before any
 * comes twice, at every level; so a caller who fills a lane delays only themselves.
 */
export class FairQueue<T> {
  readonly #lanes = new Map<string, FairQueue<T>>();
  readonly #items: T[] = [];
  #size = 0;

  /** Everything in it, in all lanes. */
  get size(): number {
    return this.#size;
  }

  push([name, ...rest]: readonly string[], item: T): void {
    this.#size += 1;
    if (name === undefined) {
      this.#items.push(item);
      return;
    }
    const lane = this.#lanes.get(name) ?? new FairQueue<T>();
    this.#lanes.set(name, lane);
    lane.push(rest, item);
  }

  /** Takes out what is next. */
  shift(): T | undefined {
    const [first] = this.#lanes;
    if (first === undefined) return this.#taken(this.#items.shift());
    const [name, lane] = first;
    const item = lane.shift();
    this.#lanes.delete(name);
    // To the end: the others come before it comes again.
    if (lane.size > 0) this.#lanes.set(name, lane);
    return this.#taken(item);
  }

  /**
   * Takes out the newest of a lane that has more than `path` would have with one more, so that this one may come in its
   * place; undefined where there is none.
   */
  displace([name, ...rest]: readonly string[]): T | undefined {
    const own = name === undefined ? undefined : this.#lanes.get(name);
    const [largestName, largest] = this.#largest();
    if (largest === undefined) return undefined;
    if (largest.size > (own?.size ?? 0) + 1) return this.#leave(largestName, largest.#newest());
    return name === undefined ? undefined : this.#leave(name, own?.displace(rest));
  }

  #newest(): T | undefined {
    const [name, lane] = this.#largest();
    return lane === undefined ? this.#taken(this.#items.pop()) : this.#leave(name, lane.#newest());
  }

  #largest(): readonly [string, FairQueue<T> | undefined] {
    let found: readonly [string, FairQueue<T> | undefined] = ['', undefined];
    for (const entry of this.#lanes) if (entry[1].size >= (found[1]?.size ?? 0)) found = entry;
    return found;
  }

  /** After something was taken out of this lane. */
  #leave(name: string, item: T | undefined): T | undefined {
    if (this.#lanes.get(name)?.size === 0) this.#lanes.delete(name);
    return this.#taken(item);
  }

  #taken(item: T | undefined): T | undefined {
    if (item !== undefined) this.#size -= 1;
    return item;
  }
}
