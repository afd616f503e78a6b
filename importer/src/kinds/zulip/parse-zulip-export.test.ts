import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ImportItem } from '../../stream.ts';
import { parseZulipExport } from './parse-zulip-export.ts';
import { zulipText } from './zulip-text.ts';

const folder = await mkdtemp(join(tmpdir(), 'fechatter-zulip-'));
afterAll(() => rm(folder, { recursive: true }));

const AT = 1_700_000_000.25;
const realm = {
  zerver_userprofile: [
    { id: 1, full_name: 'Anna', email: 'user1@x.example', delivery_email: 'anna@example.com' },
    { id: 2, full_name: 'Bob', email: 'bob@example.com', delivery_email: null },
  ],
  zerver_userprofile_crossrealm: [{ id: 9, email: 'notification-bot@zulip.com' }],
  zerver_stream: [
    { id: 5, name: 'général', description: 'all', invite_only: false, date_created: AT },
    { id: 6, name: 'board', description: 'closed', invite_only: true, deactivated: true },
  ],
  zerver_recipient: [
    { id: 11, type: 1, type_id: 1 },
    { id: 12, type: 1, type_id: 2 },
    { id: 13, type: 2, type_id: 5 },
    { id: 14, type: 2, type_id: 6 },
    // Ids of groups are counted apart from those of streams.
    { id: 15, type: 3, type_id: 6 },
  ],
  zerver_subscription: [
    { user_profile: 1, recipient: 13, active: true },
    { user_profile: 2, recipient: 13, active: false },
    { user_profile: 1, recipient: 15, active: true },
    { user_profile: 2, recipient: 15, active: true },
  ],
  zerver_reaction: [
    { message: 100, user_profile: 2, emoji_name: 'thumbs_up', emoji_code: '1f44d', reaction_type: 'unicode_emoji' },
    { message: 100, user_profile: 1, emoji_name: 'parrot', emoji_code: '77', reaction_type: 'realm_emoji' },
  ],
};
const message = (id: number, sender: number | null, recipient: number, content: string, more: object = {}) => ({
  id,
  sender,
  recipient,
  content,
  subject: '',
  date_sent: AT + id,
  last_edit_time: null,
  ...more,
});

test('people, channels, direct messages and topics as threads are read', async () => {
  await writeFile(join(folder, 'realm.json'), JSON.stringify(realm));
  const first = [
    message(100, 1, 13, 'hi @**Bob**', { subject: 'lunch' }),
    message(101, 2, 13, 'yes', { subject: 'lunch', last_edit_time: AT + 500 }),
    message(102, 2, 13, 'other', { subject: 'deploy' }),
  ];
  const second = [
    message(103, 1, 12, 'to bob'),
    message(104, 2, 11, 'to anna'),
    message(105, 1, 15, 'group'),
    message(106, null, 13, '?'),
  ];
  await writeFile(join(folder, 'messages-000001.json'), JSON.stringify({ zerver_message: first }));
  await writeFile(join(folder, 'messages-000002.json'), JSON.stringify({ zerver_message: second }));
  const items: ImportItem[] = [];
  for await (const item of parseZulipExport(folder)) items.push(item);
  expect(items.filter(({ type }) => type === 'person')).toEqual([
    { type: 'person', key: '1', name: 'Anna', kind: 'Person', email: 'anna@example.com' },
    { type: 'person', key: '2', name: 'Bob', kind: 'Person', email: 'bob@example.com' },
    { type: 'person', key: '9', name: 'notification-bot@zulip.com', kind: 'Bot', email: 'notification-bot@zulip.com' },
  ]);
  expect(items.filter(({ type }) => type === 'chat')).toMatchObject([
    {
      key: '13',
      name: 'général',
      chatType: 'PublicChannel',
      topic: 'all',
      members: [{ person: '1' }],
      createdAtUs: AT * 1e6,
    },
    { key: '14', name: 'board', topic: 'closed', chatType: 'PrivateChannel', isArchived: true, members: [] },
    { key: '15', chatType: 'Group', topic: undefined, isArchived: false, members: [{ person: '1' }, { person: '2' }] },
    { key: 'direct:1,2', chatType: 'Single', members: [{ person: '1' }, { person: '2' }] },
  ]);
  expect(items.filter(({ type }) => type === 'message')).toMatchObject([
    {
      chat: '13',
      key: '100',
      atUs: (AT + 100) * 1e6,
      text: ['**lunch**\n', 'hi ', { person: '2' }],
      thread: undefined,
      reactions: [
        { emoji: '👍', people: ['2'] },
        { emoji: ':parrot:', people: ['1'] },
      ],
    },
    { key: '101', thread: '100', editedAtUs: (AT + 500) * 1e6 },
    { key: '102', thread: undefined, text: ['**deploy**\n', 'other'] },
    { chat: 'direct:1,2', sender: '1' },
    { chat: 'direct:1,2', sender: '2' },
    { chat: '15', text: ['group'] },
  ]);
  expect(items.filter(({ type }) => type === 'problem')).toHaveLength(1);
});

test('mentions, silent mentions, channels and topics are read', () => {
  const read = (text: string) => zulipText(text, (name, id) => id ?? (name === 'Bob' ? '2' : undefined));
  expect(read('@**Bob** @**Bob|7** @_**Bob** @**Nobody**')).toEqual([
    { person: '2' },
    ' ',
    { person: '7' },
    ' ',
    '@Bob',
    ' ',
    '@Nobody',
  ]);
  expect(read('@**all** see #**général>lunch**')).toEqual([{ everyone: true }, ' see ', '#général>lunch']);
});

test('a private channel with a hidden history gets only members who could see all of it', async () => {
  const path = await mkdtemp(join(folder, 'closed-'));
  const streams = [
    { id: 5, name: 'closed', invite_only: true, history_public_to_subscribers: false },
    { id: 6, name: 'shared', invite_only: true, history_public_to_subscribers: true },
    { id: 7, name: 'unknown' },
  ];
  await writeFile(
    join(path, 'realm.json'),
    JSON.stringify({
      zerver_userprofile: [1, 2].map((id) => ({ id, full_name: `p${id}` })),
      zerver_stream: streams,
      zerver_recipient: streams.map(({ id }) => ({ id: 10 + id, type: 2, type_id: id })),
      zerver_subscription: [15, 16].flatMap((recipient) =>
        [1, 2].map((user_profile) => ({ user_profile, recipient, active: true })),
      ),
    }),
  );
  const message = (id: number, recipient: number) => ({
    id,
    sender: 1,
    recipient,
    subject: 't',
    content: 'x',
    date_sent: AT,
  });
  const received = (id: number, ...people: number[]) => people.map((user_profile) => ({ message: id, user_profile }));
  const file = (n: number, messages: object[], rows: object[]) =>
    writeFile(
      join(path, `messages-00000${n}.json`),
      JSON.stringify({ zerver_message: messages, zerver_usermessage: rows }),
    );
  // The second joined later.
  await file(1, [message(1, 15), message(2, 16)], [...received(1, 1), ...received(2, 1)]);
  await file(2, [message(3, 15), message(4, 16)], [...received(3, 1, 2), ...received(4, 1, 2)]);
  // Files that people uploaded can have any name, and a file can repeat a row.
  const uploads = join(path, 'uploads', '2');
  await mkdir(uploads, { recursive: true });
  await writeFile(join(uploads, 'realm.json'), JSON.stringify({}));
  await writeFile(
    join(uploads, 'messages-000009.json'),
    JSON.stringify({ zerver_message: [message(9, 15)], zerver_usermessage: received(9, 2, 2, 2) }),
  );
  await file(3, [message(5, 15)], received(5, 1, 2, 2, 2));
  const items: ImportItem[] = [];
  for await (const item of parseZulipExport(path)) items.push(item);
  expect(items.filter(({ type }) => type === 'message')).toHaveLength(5);
  expect(items.filter(({ type }) => type === 'chat')).toMatchObject([
    { name: 'closed', chatType: 'PrivateChannel', members: [{ person: '1' }] },
    { name: 'shared', chatType: 'PrivateChannel', members: [{ person: '1' }, { person: '2' }] },
    { name: 'unknown', chatType: 'PrivateChannel', members: [] },
  ]);
  expect(items.filter(({ type }) => type === 'problem')).toMatchObject([{ where: '15', count: 1 }]);
});
