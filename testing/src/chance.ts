/** Random choices that are repeatable for a seed (mulberry32). */
export interface Chance {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  /** True with this probability. */
  hits(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Undefined if there is nothing to pick from. */
  pickIfAny<T>(items: readonly T[]): T | undefined;
  /** An independent source of choices, just as repeatable. */
  fork(): Chance;
}

export function chanceOf(seed: number): Chance {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const pickIfAny = <T>(items: readonly T[]): T | undefined => items[below(items.length)];
  return {
    below,
    hits: (probability) => next() < probability,
    pick: (items) => {
      const item = pickIfAny(items);
      if (item === undefined) throw new Error('there is nothing to pick from');
      return item;
    },
    pickIfAny,
    fork: () => chanceOf(Math.floor(next() * 4_294_967_296)),
  };
}

/** All items in random order. */
export function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  return items
    .map((item) => ({ item, at: chance.below(1_000_000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
