import { serialize } from 'bson';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { ImportItem } from '../../stream.ts';
import { parseRocketChatDump } from './parse-rocket-chat-dump.ts';

const folder = await mkdtemp(join(tmpdir(), 'fechatter-rocket-'));
afterAll(() => rm(folder, { recursive: true }));

const at = (n: number) => new Date(1_700_000_000_000 + n);
const anna = { _id: 'a1', username: 'Anna', name: 'Anna A' };
const bob = { _id: 'b1', username: 'bob' };
const collections: Readonly<Record<string, readonly object[]>> = {
  users: [
    { ...anna, emails: [{ address: 'anna@example.com', verified: true }] },
    { ...bob, emails: [{ address: 'anna@example.com', verified: false }, { address: 'b@example.com' }, null] },
    { _id: 'x' },
  ],
  rocketchat_subscription: [
    { rid: 'R1', u: anna, roles: ['owner'] },
    { rid: 'R1', u: bob, roles: null },
    { rid: 'D1', u: anna },
    { rid: 'D1', u: bob },
  ],
  rocketchat_room: [
    {
      _id: 'R1',
      t: 'p',
      name: 'plans',
      fname: 'Pläne',
      topic: 'what next',
      ro: true,
      archived: true,
      u: anna,
      ts: at(0),
    },
    { _id: 'D1', t: 'd' },
    { _id: 'L1', t: 'l' },
  ],
  rocketchat_message: [
    {
      _id: 'm1',
      rid: 'R1',
      msg: 'hi @bob',
      ts: at(1),
      u: anna,
      editedAt: at(9),
      pinned: true,
      pinnedAt: at(8),
      reactions: { ':thumbsup:': { usernames: ['bob', 'Anna'] }, ':rocketcat:': { usernames: ['bob'] } },
    },
    { _id: 'm2', rid: 'R1', msg: 'reply', ts: at(2), u: { _id: 'g', username: 'gone' }, tmid: 'm1' },
    { _id: 'm3', rid: 'R1', msg: '', ts: at(3), u: bob, t: 'rm' },
    { _id: 'm4', rid: 'R1', msg: 'bob', ts: at(4), u: bob, t: 'uj' },
    { _id: 'm5', rid: 'R1', msg: 'xx', ts: at(5), u: bob, t: 'e2e' },
    { _id: 'm6', rid: 'D1', msg: '', ts: at(6), u: bob, file: { name: 'a.png' }, attachments: [{ text: null }] },
    { _id: 'm7', rid: 'D1', msg: 'no time', u: null },
    { _id: 'm8', msg: 'nowhere', ts: at(8), u: bob },
  ],
};

async function parsed(path: string): Promise<ImportItem[]> {
  const items: ImportItem[] = [];
  for await (const item of parseRocketChatDump(path)) items.push(item);
  return items;
}

test('people, rooms and messages are read, from a plain dump and from one with gzip', async () => {
  const [plain, zipped] = [join(folder, 'dump', 'rocketchat'), join(folder, 'gz')];
  for (const path of [plain, zipped]) await mkdir(path, { recursive: true });
  for (const [name, documents] of Object.entries(collections)) {
    const bytes = Buffer.concat(documents.map((document) => serialize(document)));
    await writeFile(join(plain, `${name}.bson`), bytes);
    await writeFile(join(zipped, `${name}.bson.gz`), gzipSync(bytes));
  }
  const items = await parsed(join(folder, 'dump'));
  expect(await parsed(zipped)).toEqual(items);
  expect(items.filter(({ type }) => type === 'person')).toEqual([
    { type: 'person', key: 'anna', name: 'Anna A', kind: 'Person', email: 'anna@example.com' },
    { type: 'person', key: 'bob', name: 'bob', kind: 'Person', email: undefined },
  ]);
  expect(items.filter(({ type }) => type === 'chat')).toMatchObject([
    {
      key: 'R1',
      name: 'Pläne',
      chatType: 'PrivateChannel',
      topic: 'what next',
      whoPosts: 'Admins',
      isArchived: true,
      creator: 'anna',
      members: [
        { person: 'anna', role: 'Owner' },
        { person: 'bob', role: 'Member' },
      ],
    },
    { key: 'D1', chatType: 'Single', name: 'anna, bob' },
  ]);
  expect(items.filter(({ type }) => type === 'message')).toMatchObject([
    {
      key: 'm1',
      sender: 'anna',
      atUs: at(1).getTime() * 1_000,
      text: ['hi ', { person: 'bob' }],
      isPinned: true,
      editedAtUs: at(9).getTime() * 1_000,
      reactions: [
        { emoji: '👍', people: ['bob', 'anna'] },
        { emoji: ':rocketcat:', people: ['bob'] },
      ],
    },
    { key: 'm2', sender: 'gone', thread: 'm1' },
    { key: 'm3', isDeleted: true },
    { key: 'm6', chat: 'D1', text: [], files: [{ name: 'a.png' }] },
    { key: 'm7', sender: 'unknown', atUs: Number.NaN },
  ]);
  expect(items.flatMap((item) => (item.type === 'problem' ? [item.reason] : []))).toEqual([
    'a room that is no channel, group or direct chat is left out',
    'a message of the system (joins, topics …) is left out',
    'an encrypted message is left out',
    'a message without an id or room is left out',
  ]);
});

test('other files are refused', async () => {
  const path = join(folder, 'odd');
  await mkdir(path);
  await expect(parsed(path)).rejects.toThrow('no dump of Rocket.Chat');
  await writeFile(join(path, 'rocketchat_message.bson'), 'a letter to you');
  await expect(parsed(path)).rejects.toThrow('no dump of MongoDB');
});
