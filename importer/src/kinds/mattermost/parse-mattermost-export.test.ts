import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import type { ImportItem } from '../../stream.ts';
import { mattermostText } from './mattermost-text.ts';
import { parseMattermostExport } from './parse-mattermost-export.ts';

const folder = await mkdtemp(join(tmpdir(), 'fechatter-mattermost-'));
afterAll(() => rm(folder, { recursive: true }));

const AT = 1_700_000_000_000;
const lines = [
  { type: 'version', version: 1 },
  { type: 'team', team: { name: 'crew' } },
  {
    type: 'channel',
    channel: { team: 'crew', name: 'town', display_name: 'Town', type: 'O', header: 'hello', purpose: null },
  },
  { type: 'channel', channel: { team: 'crew', name: 'secret', type: 'P', deleted_at: AT } },
  {
    type: 'user',
    user: {
      username: 'Anna',
      email: 'anna@example.com',
      first_name: 'Anna',
      last_name: 'A',
      teams: [
        {
          name: 'crew',
          channels: [
            { name: 'town', roles: 'channel_user channel_admin' },
            { name: 'secret', roles: 'channel_user' },
          ],
        },
      ],
    },
  },
  { type: 'user', user: { username: 'bob', nickname: '', teams: null } },
  { type: 'emoji', emoji: { name: 'parrot' } },
  {
    type: 'post',
    post: {
      team: 'crew',
      channel: 'town',
      user: 'anna',
      message: 'hi @bob. @all',
      create_at: AT,
      edit_at: AT + 5,
      is_pinned: true,
      reactions: [{ user: 'bob', emoji_name: '+1' }, { user: 'anna', emoji_name: '+1' }, null],
      replies: [{ user: 'bob', message: 'reply', create_at: AT + 1, reactions: null }],
      attachments: [{ path: 'data/20231114/plan.pdf' }],
    },
  },
  {
    type: 'post',
    post: { team: 'crew', channel: 'town', user: 'bob', type: 'system_join_channel', message: 'joined', create_at: AT },
  },
  { type: 'post', post: { team: 'crew', channel: 'town', user: null, message: 'when?', create_at: 0 } },
  { type: 'direct_channel', direct_channel: { members: ['bob', 'anna'] } },
  {
    type: 'direct_post',
    direct_post: { channel_members: ['anna', 'bob'], user: 'bob', message: 'you', create_at: AT + 2 },
  },
];

async function parsed(path: string): Promise<ImportItem[]> {
  const items: ImportItem[] = [];
  for await (const item of parseMattermostExport(path)) items.push(item);
  return items;
}
const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"type":`;

test('people, channels and posts with their replies are read', async () => {
  const path = join(folder, 'export.jsonl');
  await writeFile(path, text);
  const items = await parsed(path);
  expect(items.filter(({ type }) => type === 'person')).toEqual([
    { type: 'person', key: 'anna', name: 'Anna A', kind: 'Person', email: 'anna@example.com' },
    { type: 'person', key: 'bob', name: 'bob', kind: 'Person', email: undefined },
  ]);
  expect(items.filter(({ type }) => type === 'chat')).toMatchObject([
    {
      key: 'crew:town',
      name: 'Town',
      chatType: 'PublicChannel',
      topic: 'hello',
      members: [{ person: 'anna', role: 'Admin' }],
      isArchived: false,
    },
    { key: 'crew:secret', name: 'secret', chatType: 'PrivateChannel', isArchived: true },
    { key: 'direct:anna,bob', chatType: 'Single', members: [{ person: 'bob' }, { person: 'anna' }] },
  ]);
  expect(items.filter(({ type }) => type === 'message')).toMatchObject([
    {
      chat: 'crew:town',
      key: '8',
      sender: 'anna',
      atUs: AT * 1_000,
      editedAtUs: (AT + 5) * 1_000,
      isPinned: true,
      text: ['hi ', { person: 'bob' }, '. ', { everyone: true }],
      reactions: [{ emoji: '👍', people: ['bob', 'anna'] }],
      files: [{ name: 'plan.pdf' }],
    },
    { key: '8.1', thread: '8', sender: 'bob', text: ['reply'] },
    { sender: 'unknown', atUs: Number.NaN },
    { chat: 'direct:anna,bob', text: ['you'] },
  ]);
  expect(items.flatMap((item) => (item.type === 'problem' ? [item.reason] : []))).toEqual([
    'a message of the system (joins, headers …) is left out',
    'a line that cannot be read is left out',
  ]);
});

test('a zip is read like the file in it', async () => {
  const [plain, zipped] = [join(folder, 'again.jsonl'), join(folder, 'export.zip')];
  await writeFile(plain, text);
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(text), 'import.jsonl');
  zip.addBuffer(Buffer.from('x'), 'data/plan.pdf');
  // An attachment is never taken for the export.
  zip.addBuffer(Buffer.from('{"type":"user","user":{"username":"forged"}}'), 'data/20260101/notes.jsonl');
  zip.end();
  await once(zip.outputStream.pipe(createWriteStream(zipped)), 'close');
  expect(await parsed(zipped)).toEqual(await parsed(plain));
});

test('only names of people are mentions', () => {
  const read = (written: string) => mattermostText(written, (name) => ['bob', 'a.b'].includes(name));
  expect(read('@bob, mail@bob.example and @nobody')).toEqual([{ person: 'bob' }, ', mail@bob.example and @nobody']);
  expect(read('(@A.B) @here!')).toEqual(['(', { person: 'a.b' }, ') ', { everyone: true }, '!']);
});

test('a channel of unknown type is private, and mentions are found in linear time', async () => {
  const path = join(folder, 'untyped.jsonl');
  await writeFile(path, JSON.stringify({ type: 'channel', channel: { team: 'crew', name: 'odd' } }));
  expect(await parsed(path)).toMatchObject([{ type: 'chat', chatType: 'PrivateChannel' }]);
  let asked = 0;
  const isUser = (name: string) => (asked++, name === 'a.b');
  const dots = '.'.repeat(1_000_000);
  const pieces = mattermostText(`@a.b${dots} @a.b. x@a.b`, isUser);
  expect(pieces.map((piece) => (typeof piece === 'string' ? piece.length : piece))).toEqual([
    { person: 'a.b' },
    dots.length + 1,
    { person: 'a.b' },
    '. x@a.b'.length,
  ]);
  expect(asked).toBeLessThan(10);
});
