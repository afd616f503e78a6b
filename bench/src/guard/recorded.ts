import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A ratio of two figures of the same run, as it was when it was recorded. */
export interface RecordedRatio {
  readonly to: string;
  readonly ratio: number;
}
/** By benchmark and figure. Ratios only: times of another machine or another day say nothing. */
export type Recorded = Readonly<Record<string, Readonly<Record<string, RecordedRatio>>>>;

const file = fileURLToPath(new URL('../../guard.json', import.meta.url));

export async function recordedRatios(): Promise<Recorded> {
  return JSON.parse(await readFile(file, 'utf8')) as Recorded;
}

export async function recordRatios(recorded: Recorded): Promise<void> {
  await writeFile(file, `${JSON.stringify(recorded, undefined, 2)}\n`);
}
