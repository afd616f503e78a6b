import type { Entry } from './entry.ts';
import { folded } from './folded.ts';
import { NO_MATCH, RANK_OF_LETTERS, rankOf } from './rank.ts';

const SHOWN_MAX = 20;
/** A match of another word for something is as good as the next worse match of its name. */
const ALSO_CALLED = 1;

/** The entries that match what was typed, the best first; with nothing typed, all in their order. At most `SHOWN_MAX`. */
export function foundOf(entries: readonly Entry[], typed: string): readonly Entry[] {
  const asked = folded(typed).trim();
  const found =
    asked === ''
      ? entries.map((entry) => ({ entry, rank: 0 }))
      : entries.map((entry) => ({ entry, rank: bestRank(entry, asked) })).filter(({ rank }) => rank < NO_MATCH);
  return found
    .toSorted((a, b) => a.rank - b.rank || a.entry.order - b.entry.order || a.entry.name.localeCompare(b.entry.name))
    .slice(0, SHOWN_MAX)
    .map(({ entry }) => entry);
}

function bestRank({ name, alsoCalled }: Entry, asked: string): number {
  const others = alsoCalled?.split(', ').map((other) => rankOf(other, asked)) ?? [];
  const best = Math.min(NO_MATCH, ...others.filter((rank) => rank < RANK_OF_LETTERS));
  return Math.min(rankOf(name, asked), best + ALSO_CALLED);
}
