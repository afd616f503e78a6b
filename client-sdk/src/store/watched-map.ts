/** A map that reports which key has changed. */
export class WatchedMap<K, V> extends Map<K, V> {
  #onChange: (key: K) => void = () => {};

  static watching<K, V>(onChange: (key: K) => void): WatchedMap<K, V> {
    const map = new WatchedMap<K, V>();
    map.#onChange = onChange;
    return map;
  }

  override set(key: K, value: V): this {
    super.set(key, value);
    this.#onChange(key);
    return this;
  }

  override delete(key: K): boolean {
    const had = super.delete(key);
    if (had) this.#onChange(key);
    return had;
  }

  /** Replaces the content by these entries. */
  become(entries: Iterable<readonly [K, V]>): void {
    const next = new Map(entries);
    for (const key of this.keys()) if (!next.has(key)) this.delete(key);
    for (const [key, value] of next) this.set(key, value);
  }
}
