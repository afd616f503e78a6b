import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Need } from '../benchmark.ts';

/** The path of a needed program on this machine; undefined if it is not installed. */
export function placeOf({ places }: Need): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return places
    .flatMap((place) => (isAbsolute(place) ? [place] : folders.map((folder) => join(folder, place))))
    .find(existsSync);
}
