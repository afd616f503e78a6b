import { readdir, readFile } from 'node:fs/promises';
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
const said = /^\[\d\d:\d\d\] <([^>]+)> ?(.*)$/;

/**
 * Reads a folder of IRC logs, one file per channel, one message per line: `[HH:MM] <nick> text`. Actions (`* nick
 * waves`), system lines (`=== …`) and empty lines are left out.
 */
export async function readIrcLogs(folder: string): Promise<IrcLog[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort();
  if (names.length === 0) throw new Error(`there are no files named *${SUFFIX} in ${folder}`);
  return Promise.all(names.map((name) => readIrcLog(join(folder, name))));
}

async function readIrcLog(path: string): Promise<IrcLog> {
  const text = await readFile(path, 'utf8');
  const lines = text.split(/\r?\n/).flatMap((line): IrcLine[] => {
    const [, nick, content] = said.exec(line) ?? [];
    return nick !== undefined && content !== undefined && /\S/.test(content) ? [{ nick, text: content }] : [];
  });
  return { channel: basename(path, SUFFIX), lines };
}
