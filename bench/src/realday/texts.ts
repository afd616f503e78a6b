import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const line = /^\[[\d:]+\] <[^>]+> (.{1,4000})$/;
const words = 'so the build is green again and what do we do with the old one before friday anyone seen it'.split(' ');
const MADE = 2_000;

/** The texts that people send: the lines of the `*.raw.txt` logs in a folder, or as many made-up ones. */
export async function textsOf(folder: string | undefined): Promise<readonly string[]> {
  if (folder === undefined) return Array.from({ length: MADE }, (_, n) => madeUp(n));
  const names = (await readdir(folder)).filter((name) => name.endsWith('.raw.txt'));
  const logs = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const texts = logs.flatMap((log) => log.split('\n').flatMap((text) => line.exec(text)?.[1]?.trim() || []));
  if (texts.length === 0) throw new Error(`${folder} has no *.raw.txt with lines like "[10:01] <name> text"`);
  return texts;
}

const madeUp = (n: number): string =>
  Array.from({ length: 3 + ((n * 7) % 16) }, (_, at) => words[(n * 31 + at * 17) % words.length]).join(' ');
