import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { ImportItem, ImportStream } from '../../stream.ts';
import type { ParserOptions } from '../kinds.ts';
import { bytesOf, linesOf } from '../lines.ts';
import { type LocalTime, localTimeReader } from '../local-time.ts';
import { type IrcDate, type IrcTime, readIrcLine } from './irc-line.ts';

const DATE = /(?<!\d)(\d{4})[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)/;
const HALF_A_DAY_MINUTES = 720;

/**
 * Reads logs of IRC channels in the forms of energymech, weechat and irssi, which may be mixed. A channel is named by its
 * file without the date, or by the folder of a file that is named by a date alone. Nicks have no addresses: each person is
 * a placeholder, and channels are public.
 */
export async function* parseIrcLogs(path: string, options: ParserOptions): ImportStream {
  const files = await filesIn(path);
  const channels = new Set<string>();
  for (const file of files) {
    const name = options.channel ?? channelOf(file);
    if (!channels.has(name)) {
      channels.add(name);
      yield { type: 'chat', key: name, name, chatType: 'PublicChannel', members: [] };
    }
    yield* messagesIn(file, relative(path, file).split(sep).join('/') || basename(file), name, options);
  }
}

/** In a fixed order, so that the stream is the same each time. */
async function filesIn(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

function channelOf(file: string): string {
  const bare = basename(file).replace(/(\.raw)?\.(log|txt|weechatlog|irclog)$/i, '');
  const name = bare.replace(DATE, '').replace(/^[\s._-]+|[\s._-]+$/g, '');
  return name === '' ? basename(dirname(file)) : name;
}

async function* messagesIn(
  file: string,
  label: string,
  channel: string,
  { timeZone, encoding }: ParserOptions,
): AsyncGenerator<ImportItem> {
  const decode = decoderOf(encoding);
  const toMs = localTimeReader(timeZone);
  let date = dateIn(basename(file));
  let latest: { readonly time: IrcTime; readonly ms: number } | undefined;
  let number = 0;
  for await (const bytes of linesOf(bytesOf(file))) {
    number++;
    const where = `${label}:${number}`;
    const { text, isGuessed } = bytes === undefined ? { text: '', isGuessed: false } : decode(bytes);
    if (bytes === undefined) yield { type: 'problem', reason: 'a line is too long and left out', where };
    if (isGuessed) yield { type: 'problem', reason: 'a line is not UTF-8 and was read as windows-1252', where };
    const line = readIrcLine(text);
    if (line.is === 'empty') continue;
    if (line.is === 'day') {
      ({ date } = line);
      latest = undefined;
      continue;
    }
    if (line.is === 'other') {
      yield { type: 'problem', reason: 'a line that is no message (joins, leaves, topics …) is left out', where };
      continue;
    }
    // Without dates in its lines, a log that begins again in the morning has come to the next day.
    if (
      line.date === undefined &&
      latest !== undefined &&
      minutes(latest.time) - minutes(line.time) > HALF_A_DAY_MINUTES
    )
      date = dayAfter(date);
    const day = line.date ?? date;
    if (day === undefined) {
      yield {
        type: 'problem',
        reason: 'a line without a date (none in the file, none in its name) is left out',
        where,
      };
      continue;
    }
    const local: LocalTime = { ...day, ...line.time };
    const ms = toMs(local, latest?.ms);
    latest = { time: line.time, ms };
    yield {
      type: 'message',
      chat: channel,
      key: where,
      atUs: ms * 1_000,
      // Case does not matter in nicks.
      sender: line.nick.toLowerCase(),
      senderName: line.nick,
      text: [line.text],
    };
  }
}

const minutes = ({ hour, minute }: IrcTime): number => hour * 60 + minute;

function dateIn(name: string): IrcDate | undefined {
  const [, year, month, day] = DATE.exec(name) ?? [];
  return year === undefined ? undefined : { year: Number(year), month: Number(month), day: Number(day) };
}

function dayAfter(date: IrcDate | undefined): IrcDate | undefined {
  if (date === undefined) return undefined;
  const next = new Date(Date.UTC(date.year, date.month - 1, date.day + 1));
  return { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() };
}

function decoderOf(
  encoding: string | undefined,
): (bytes: Buffer) => { readonly text: string; readonly isGuessed: boolean } {
  if (encoding !== undefined) {
    const given = new TextDecoder(encoding);
    return (bytes) => ({ text: given.decode(bytes), isGuessed: false });
  }
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const western = new TextDecoder('windows-1252');
  return (bytes) => {
    try {
      return { text: utf8.decode(bytes), isGuessed: false };
    } catch {
      return { text: western.decode(bytes), isGuessed: true };
    }
  };
}
