import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import type { ImportedChat, ImportedMessage, ImportedPerson, ImportItem } from '../../stream.ts';
import { slackTime } from './slack-message.ts';
import { parseSlackExport } from './parse-slack-export.ts';

const folder = await mkdtemp(join(tmpdir(), 'fechatter-slack-'));
afterAll(() => rm(folder, { recursive: true }));

type Files = Readonly<Record<string, unknown>>;
let made = 0;

async function asFolder(files: Files): Promise<string> {
  const path = join(folder, String(made++));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return path;
}

async function asZip(files: Files): Promise<string> {
  const path = join(folder, `${made++}.zip`);
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(JSON.stringify(content)), name);
  zip.end();
  await once(zip.outputStream.pipe(createWriteStream(path)), 'close');
  return path;
}

async function parsed(path: string) {
  const items: ImportItem[] = [];
  for await (const item of parseSlackExport(path)) items.push(item);
  return {
    items,
    people: items.filter((item): item is ImportedPerson => item.type === 'person'),
    chats: items.filter((item): item is ImportedChat => item.type === 'chat'),
    messages: items.filter((item): item is ImportedMessage => item.type === 'message'),
    problems: items.flatMap((item) => (item.type === 'problem' ? [item.reason] : [])),
  };
}

const users = [
  {
    id: 'U1',
    name: 'anna',
    profile: { real_name: 'Anna A', email: 'anna@example.com', image_192: 'https://x.example/a.png' },
  },
  { id: 'U2', name: 'bob', real_name: 'Bob', deleted: true, profile: null },
  null,
];
const channels = [
  {
    id: 'C1',
    name: 'general',
    created: 1_600_000_000,
    creator: 'U1',
    is_archived: true,
    members: ['U1', 'U2'],
    topic: { value: 'all' },
    purpose: null,
    pins: [{ id: '1700000000.000100', created: 1_700_000_500 }],
  },
];
const day = (...messages: readonly unknown[]): Files => ({
  'users.json': users,
  'channels.json': channels,
  'general/2023-11-14.json': messages,
});
const said = (messages: readonly ImportedMessage[]) => messages.map(({ sender, text }) => [sender, text]);

const whole: Files = {
  ...day({ type: 'message', user: 'U1', text: 'hi', ts: '1700000000.000100' }),
  'groups.json': [{ id: 'G1', name: 'тайна-🎉', members: ['U1'] }],
  'dms.json': [{ id: 'D1', members: ['U1', 'U2'] }],
  'mpims.json': [{ id: 'M1', name: 'mpdm-a--b-1', members: ['U1', 'U2', 'U9'] }],
  'тайна-🎉/2023-11-14.json': [{ user: 'U1', text: 'psst', ts: '1700000001.000000' }],
  'D1/2023-11-14.json': [{ user: 'U2', text: 'you', ts: '1700000002.000000' }],
  'mpdm-a--b-1/2023-11-14.json': [
    { user: 'U9', text: 'us', ts: '1700000003.000000', user_profile: { real_name: 'Zoe' } },
  ],
};

test('people, chats of all kinds and their messages are read', async () => {
  const { people, chats, messages, problems } = await parsed(await asFolder(whole));
  expect(people).toMatchObject([
    { key: 'U1', name: 'Anna A', email: 'anna@example.com', avatarUrl: 'https://x.example/a.png' },
    { key: 'U2', name: 'Bob', email: undefined },
  ]);
  expect(chats).toMatchObject([
    {
      key: 'C1',
      name: 'general',
      chatType: 'PublicChannel',
      topic: 'all',
      isArchived: true,
      creator: 'U1',
      createdAtUs: 1.6e15,
    },
    { key: 'G1', name: 'тайна-🎉', chatType: 'PrivateChannel' },
    { key: 'M1', name: 'Anna A, Bob, U9', chatType: 'Group' },
    { key: 'D1', chatType: 'Single', members: [{ person: 'U1' }, { person: 'U2' }] },
  ]);
  expect(messages.map(({ chat, sender, atUs }) => [chat, sender, atUs].join(' ')).sort()).toEqual([
    'C1 U1 1700000000000100',
    'D1 U2 1700000002000000',
    'G1 U1 1700000001000000',
    'M1 U9 1700000003000000',
  ]);
  expect(messages.find(({ chat }) => chat === 'C1')).toMatchObject({
    isPinned: true,
    pinnedAtUs: 1_700_000_500_000_000,
  });
  expect(messages.find(({ chat }) => chat === 'M1')).toMatchObject({ senderName: 'Zoe' });
  expect(problems).toEqual(['a person is not in users.json, and is named as far as is known']);
});

test('a zip, with or without a folder around its files, is read like the folder', async () => {
  const { items } = await parsed(await asFolder(whole));
  expect((await parsed(await asZip(whole))).items).toEqual(items);
  const nested = Object.fromEntries(Object.entries(whole).map(([name, content]) => [`my team/${name}`, content]));
  expect((await parsed(await asZip(nested))).items).toEqual(items);
});

test('other files are refused', async () => {
  await expect(parsed(await asZip({ 'letter.json': [] }))).rejects.toThrow('no export of Slack');
});

test('a zip with names outside of it is refused, and entries that do not fit into memory are left out', async () => {
  const path = await asZip({ ...whole, 'xx/evil.json': [] });
  const bytes = await readFile(path);
  await writeFile(path, Buffer.from(bytes.toString('latin1').replaceAll('xx/evil', '../evil'), 'latin1'));
  await expect(parsed(path)).rejects.toThrow('invalid relative path');
  const bomb = await parsed(await asZip({ ...whole, 'general/2023-11-15.json': ' '.repeat(68_000_000) }));
  expect(bomb.messages).toHaveLength(4);
  expect(bomb.problems).toContain('a file that cannot be read is left out');
});

test('messages of bots and webhooks have a sender of their own', async () => {
  const { messages, problems } = await parsed(
    await asFolder(
      day(
        { subtype: 'bot_message', bot_id: 'B1', username: 'deploy', text: 'done', ts: '1700000000.000001' },
        {
          subtype: 'bot_message',
          username: 'hook',
          text: null,
          attachments: [{ fallback: 'f', title: 't', text: 'x' }, null],
          ts: '1700000000.000002',
        },
        { subtype: 'bot_message', text: 'who?', ts: '1700000000.000003' },
        { user: 'USLACKBOT', subtype: 'slackbot_response', text: 'beep', ts: '1700000000.000004' },
      ),
    ),
  );
  expect(messages.map(({ sender, senderName, text }) => [sender, senderName, ...text])).toEqual([
    ['bot:B1', 'deploy', 'done'],
    ['bot:hook', 'hook', 't\nx'],
    ['bot:Bot', 'Bot', 'who?'],
    ['USLACKBOT', 'Slackbot', 'beep'],
  ]);
  expect(problems).toEqual([]);
});

test('times are texts: messages without one are left out, and messages with the same time stay separate', async () => {
  const { messages, problems } = await parsed(
    await asFolder(
      day(
        { user: 'U1', text: 'no ts' },
        { user: 'U1', text: 'nan', ts: 'NaN' },
        { user: 'U1', text: 'a float', ts: 1_700_000_000.000_1 },
        { user: 'U1', text: 'one', ts: '1700000000.000200' },
        { user: 'U2', text: 'two', ts: '1700000000.000200' },
        { user: 'U1', text: 'one', ts: '1700000000.000200' },
        null,
        'text',
      ),
    ),
  );
  expect(messages.map(({ key, text }) => [key, ...text])).toEqual([
    ['1700000000.000200', 'one'],
    ['1700000000.000200~2', 'two'],
    ['1700000000.000200', 'one'],
  ]);
  expect(problems).toEqual(Array.from({ length: 5 }, () => 'a message without a time is left out'));
  expect(slackTime('1700000000.1')).toBe(1_700_000_000_100_000);
  expect([slackTime(''), slackTime('1e9'), slackTime('-1'), slackTime('1.1234567')]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('threads, edits, reactions, files and null fields are read', async () => {
  const { messages, problems } = await parsed(
    await asFolder(
      day(
        {
          user: 'U1',
          text: 'post',
          ts: '1700000000.000100',
          thread_ts: '1700000000.000100',
          edited: { user: 'U1', ts: '1700000009.000000' },
          reactions: [
            { name: 'thumbsup::skin-tone-3', users: ['U2', null], count: 2 },
            { name: 'party_parrot', users: ['U1'] },
            null,
          ],
        },
        {
          user: 'U2',
          text: 'reply',
          ts: '1700000001.000000',
          thread_ts: '1700000000.000100',
          subtype: 'thread_broadcast',
          edited: null,
          reactions: null,
          files: null,
        },
        {
          user: 'U2',
          text: '',
          ts: '1700000002.000000',
          files: [{ name: 'a.pdf', url_private: 'https://files.example/a' }, { id: 'F1', mode: 'tombstone' }, null],
        },
        { user: 'U2', subtype: 'tombstone', text: 'This message was deleted.', ts: '1700000003.000000' },
        { user: 'U2', subtype: 'channel_join', text: '<@U2> has joined', ts: '1700000004.000000' },
        { user: 'U2', subtype: 'me_message', text: 'waves', ts: '1700000005.000000' },
      ),
    ),
  );
  expect(messages).toMatchObject([
    {
      thread: undefined,
      editedAtUs: 1_700_000_009_000_000,
      isPinned: true,
      reactions: [
        { emoji: '👍🏼', people: ['U2'] },
        { emoji: ':party_parrot:', people: ['U1'] },
      ],
    },
    { thread: '1700000000.000100', editedAtUs: undefined, reactions: [], files: [] },
    { text: [], files: [{ name: 'a.pdf' }, { name: 'F1' }, { name: 'file' }] },
    { isDeleted: true },
    { text: ['_', 'waves', '_'] },
  ]);
  expect(problems).toEqual([
    'a reply that was also sent to the channel is in its thread only',
    'a message of the system (joins, topics …) is left out',
  ]);
});

test('a reply in the file of an earlier day than its post names it all the same', async () => {
  const [post, reply] = ['1700000000.000100', '1700090000.000000'];
  const path = await asFolder(day({ user: 'U1', text: 'post', ts: post, thread_ts: post }));
  // Sorted before the day of the post.
  const earlier = join(path, 'general', '2000-01-01.json');
  await writeFile(earlier, JSON.stringify([{ user: 'U2', text: 'reply', ts: reply, thread_ts: post }]));
  expect((await parsed(path)).messages).toMatchObject([
    { key: reply, thread: post },
    { key: post, thread: undefined },
  ]);
});

test('a file that cannot be read or belongs to no channel is reported, and the others are read', async () => {
  const { messages, problems } = await parsed(
    await asFolder({
      ...day({ user: 'U1', text: 'fine', ts: '1700000000.000100' }),
      'general/2023-11-15.json': '[{"user":',
      'gone/2023-11-15.json': [{ user: 'U1', text: 'x', ts: '1700000000.000100' }],
      'integration_logs.json': [],
    }),
  );
  expect(said(messages)).toEqual([['U1', ['fine']]]);
  expect(problems).toEqual(['a file that cannot be read is left out', 'a file of no known channel is left out']);
});
