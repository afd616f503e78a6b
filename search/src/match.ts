import type { Term } from './query.ts';
import type { Unit } from './words.ts';

/** The matching ranges of a text: start and end in UTF-16 units, ordered, not overlapping. */
export type Ranges = readonly (readonly [number, number])[];

const RANGES_MAX = 100;

/** What a text must match. */
export interface Wanted {
  readonly terms: readonly Term[];
  readonly excluded: readonly Term[];
  /** A prefix does not match these words. */
  readonly stopWords: ReadonlySet<string>;
}

/** The ranges of all `terms` in a text; undefined if a term is missing or the text contains one of `excluded`. */
export function matchOf(units: readonly Unit[], { terms, excluded, stopWords }: Wanted): Ranges | undefined {
  if (excluded.some((term) => placesOf(units, term, stopWords).length > 0)) return undefined;
  const found: (readonly [number, number])[] = [];
  for (const term of terms) {
    const places = placesOf(units, term, stopWords);
    if (places.length === 0) return undefined;
    found.push(...places);
  }
  return merged(found);
}

function placesOf(
  units: readonly Unit[],
  { units: wanted, isPrefix }: Term,
  stopWords: ReadonlySet<string>,
): (readonly [number, number])[] {
  const places: (readonly [number, number])[] = [];
  const last = wanted.length - 1;
  for (let at = 0; at + last < units.length && places.length < RANGES_MAX; at++) {
    let matched = 0;
    while (
      matched <= last &&
      isAt(units[at + matched], wanted, matched, isPrefix && matched === last ? stopWords : undefined)
    )
      matched++;
    const [first, end] = [units[at], units[at + last]];
    if (matched > last && first !== undefined && end !== undefined) places.push([first.start, end.end]);
  }
  return places;
}

/**
 * Letters that are adjacent in the query must be adjacent in the text; between words there may be any separators.
 * `beginningBut`: the wanted unit is a prefix of a word that is not in this set.
 */
function isAt(
  unit: Unit | undefined,
  wanted: readonly Unit[],
  place: number,
  beginningBut: ReadonlySet<string> | undefined,
): boolean {
  const { text, isLetter, isApart } = wanted[place] ?? {};
  if (unit === undefined || text === undefined || unit.isLetter !== isLetter) return false;
  if (place > 0 && isLetter && wanted[place - 1]?.isLetter === true && !isApart && unit.isApart) return false;
  if (beginningBut === undefined) return unit.text === text;
  return unit.text.startsWith(text) && !beginningBut.has(unit.text);
}

function merged(places: (readonly [number, number])[]): Ranges {
  const ranges: [number, number][] = [];
  for (const [start, end] of places.toSorted((a, b) => a[0] - b[0] || b[1] - a[1])) {
    const before = ranges.at(-1);
    if (before !== undefined && start < before[1]) before[1] = Math.max(before[1], end);
    else ranges.push([start, end]);
  }
  return ranges.slice(0, RANGES_MAX);
}
