import { linesOf, readIrcLine } from '@fechatter/importer/irc';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A channel's log: what people said, in order. */
export interface IrcLog {
  readonly channel: string;
  readonly lines: readonly IrcLine[];
}
interface IrcLine {
  readonly nick: string;
  readonly text: string;
}

const SUFFIX = '.raw.txt';

/** Reads a folder of IRC logs, one file per channel: what people said and did, as imports read it. */
export async function readIrcLogs(folder: string): Promise<IrcLog[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort();
  if (names.length === 0) throw new Error(`there are no files named *${SUFFIX} in ${folder}`);
  return Promise.all(names.map((name) => readIrcLog(join(folder, name))));
}

async function readIrcLog(path: string): Promise<IrcLog> {
  const lines: IrcLine[] = [];
  for await (const bytes of linesOf(createReadStream(path))) {
    const line = readIrcLine(bytes?.toString('utf8') ?? '');
    if (line.is === 'said' && /\S/.test(line.text)) lines.push({ nick: line.nick, text: line.text });
  }
  return { channel: basename(path, SUFFIX), lines };
}
