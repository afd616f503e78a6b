import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { ImportedMessage, ImportProblem } from '../../stream.ts';
import type { ParserOptions } from '../kinds.ts';
import { localTimeReader } from '../local-time.ts';
import { parseIrcLogs } from './parse-irc-logs.ts';

async function parsed(files: Readonly<Record<string, string | Buffer>>, options: Partial<ParserOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-irc-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    const messages: ImportedMessage[] = [];
    const problems: ImportProblem[] = [];
    const chats: string[] = [];
    for await (const item of parseIrcLogs(folder, { timeZone: 'UTC', ...options })) {
      if (item.type === 'message') messages.push(item);
      if (item.type === 'problem') problems.push(item);
      if (item.type === 'chat') chats.push(item.name);
    }
    const said = messages.map(({ chat, atUs, senderName, text }) =>
      [chat, new Date(atUs / 1_000).toISOString(), senderName, text.map(String).join('')].join(' | '),
    );
    return { said, messages, chats, problems: problems.map(({ reason, where }) => `${where} ${reason}`) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('the three forms are read, and the name of a channel is that of its files without the date', async () => {
  const { said, chats, problems } = await parsed({
    'ubuntu_2005-01-02.raw.txt': '[23:59] <anna> late\n[00:01]  * Bob waves\n=== zoe [~z@x]  has joined #ubuntu\n\n',
    'ubuntu_2005-01-04.log': '[10:00:30] <@Anna> \x02bold\x02 \x0304,01red\x03 hi\r\n',
    'weechat/#help.weechatlog':
      '2024-05-01 10:00:30\t@anna\thello\n2024-05-01 10:00:31\t-->\tbob has joined\n2024-05-01 10:00:32\t *\tbob waves',
    'irssi/#кухня/2024-05-01.log':
      '--- Log opened Wed May 01 09:00:00 2024\n09:01 < anna> привет\n09:02 -!- bob has quit\n--- Day changed Thu May 02 2024\n00:03 <+bob> hi\n00:04  * bob waves\n',
  });
  expect(said).toEqual([
    '#кухня | 2024-05-01T09:01:00.000Z | anna | привет',
    '#кухня | 2024-05-02T00:03:00.000Z | bob | hi',
    '#кухня | 2024-05-02T00:04:00.000Z | bob | _waves_',
    'ubuntu | 2005-01-02T23:59:00.000Z | anna | late',
    'ubuntu | 2005-01-03T00:01:00.000Z | Bob | _waves_',
    'ubuntu | 2005-01-04T10:00:30.000Z | Anna | bold red hi',
    '#help | 2024-05-01T10:00:30.000Z | anna | hello',
    '#help | 2024-05-01T10:00:32.000Z | bob | _waves_',
  ]);
  expect(chats).toEqual(['#кухня', 'ubuntu', '#help']);
  expect(problems).toEqual([
    'irssi/#кухня/2024-05-01.log:3 a line that is no message (joins, leaves, topics …) is left out',
    'ubuntu_2005-01-02.raw.txt:3 a line that is no message (joins, leaves, topics …) is left out',
    'weechat/#help.weechatlog:2 a line that is no message (joins, leaves, topics …) is left out',
  ]);
});

test('text that is not UTF-8 is read as windows-1252 and reported, or in the given encoding', async () => {
  const line = (bytes: number[]) => Buffer.concat([Buffer.from('[10:00] <a> '), Buffer.from(bytes), Buffer.from('\n')]);
  const { said, problems } = await parsed({ 'c-2005-01-02.log': Buffer.concat([line([0xe9]), line([0xc3, 0xa9])]) });
  expect(said.map((text) => text.split(' | ').at(-1))).toEqual(['é', 'é']);
  expect(problems).toEqual(['c-2005-01-02.log:1 a line is not UTF-8 and was read as windows-1252']);
  const russian = await parsed({ 'c-2005-01-02.log': line([0xc4, 0xc1]) }, { encoding: 'koi8-r' });
  expect(russian.said).toEqual(['c | 2005-01-02T10:00:00.000Z | a | да']);
});

test('local times are read in their zone, also when clocks are put back', async () => {
  const { said } = await parsed(
    { 'c-2024-10-27.log': ['02:30', '02:59', '02:10', '03:00'].map((time) => `[${time}] <a> ${time}\n`).join('') },
    { timeZone: 'Europe/Berlin' },
  );
  expect(said.map((text) => text.split(' | ')[1])).toEqual([
    '2024-10-27T00:30:00.000Z',
    '2024-10-27T00:59:00.000Z',
    '2024-10-27T01:10:00.000Z',
    '2024-10-27T02:00:00.000Z',
  ]);
  const skipped = localTimeReader('Europe/Berlin')({ year: 2024, month: 3, day: 31, hour: 2, minute: 30, second: 0 });
  expect(new Date(skipped).toISOString()).toBe('2024-03-31T01:30:00.000Z');
});

test('lines without a date are left out and reported', async () => {
  const { said, problems } = await parsed({ 'garden.raw.txt': '[10:00] <a> when?\n' });
  expect(said).toEqual([]);
  expect(problems).toEqual(['garden.raw.txt:1 a line without a date (none in the file, none in its name) is left out']);
});

test('all files can be read into one named channel', async () => {
  const files = { 'a-2005-01-02.log': '[10:00] <a> one\n', 'b-2005-01-03.log': '[10:00] <A> two\n' };
  const { chats, messages } = await parsed(files, { channel: '#all' });
  expect(chats).toEqual(['#all']);
  expect(messages.map(({ chat, key, sender }) => [chat, key, sender])).toEqual([
    ['#all', 'a-2005-01-02.log:1', 'a'],
    ['#all', 'b-2005-01-03.log:1', 'a'],
  ]);
});
