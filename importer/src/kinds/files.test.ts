import { Binary, serialize } from 'bson';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ImportedMessage, ImportStream } from '../stream.ts';
import { type ImportKind, importKinds } from './kinds.ts';

// Where each kind keeps the content of files.

const folder = await mkdtemp(join(tmpdir(), 'fechatter-files-'));
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, files: Readonly<Record<string, unknown>>): Promise<string> {
  const path = join(folder, name);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    const isText = typeof content === 'string' || Buffer.isBuffer(content);
    await writeFile(join(path, file), isText ? content : JSON.stringify(content));
  }
  return path;
}

/** The files of all messages: their names, and their content as far as it is there. */
async function filesIn(stream: ImportStream): Promise<string[]> {
  const found: string[] = [];
  for await (const item of stream) if (item.type === 'message') found.push(...(await contentsOf(item)));
  return found;
}

async function contentsOf({ files = [] }: ImportedMessage): Promise<string[]> {
  const found: string[] = [];
  for (const { name, content } of files) {
    const chunks: Uint8Array[] = [];
    if (content !== undefined) for await (const chunk of await content.open()) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    found.push(content === undefined ? name : `${name} (${content.sizeBytes}): ${text}`);
  }
  return found;
}

const options = { timeZone: 'UTC' };
const read = ({ parse }: ImportKind, path: string, more = {}) => filesIn(parse(path, { ...options, ...more }));

test('Slack: folders that tools add, and else its own hosts, if that is wanted', async () => {
  const url = 'https://files.slack.com/files-pri/T1-F3/c.txt?t=xoxe-secret';
  const files = [
    { id: 'F1', name: 'a.txt', size: 1 },
    { id: 'F2', name: 'b.txt' },
    { id: 'F3', name: 'c.txt', size: 3, url_private: url },
    { id: 'F4', name: 'd.txt', size: 3, url_private: 'https://files.slack.com.evil.example/x' },
    { id: 'F5', name: 'e.txt', size: 3, url_private: 'http://files.slack.com/x' },
    { id: 'F6', name: 'f.txt', url_private: url },
    { id: 'F7', name: 'g.txt', size: 3, url_private: 'https://user@files.slack.com:444/x' },
    null,
  ];
  const path = await written('slack', {
    'users.json': [],
    'channels.json': [{ id: 'C1', name: 'general' }],
    'general/2024-01-01.json': [{ ts: '1700000000.000100', user: 'U1', text: 'x', files }],
    '__uploads/F1/a.txt': 'in the archive',
    'general/attachments/F2-b.txt': 'beside it',
  });
  const others = ['d.txt', 'e.txt', 'f.txt', 'g.txt', 'file'];
  const archived = ['a.txt (14): in the archive', 'b.txt (9): beside it'];
  expect(await read(importKinds.slack, path)).toEqual([...archived, 'c.txt', ...others]);
  const asked: string[] = [];
  const download = async (wanted: string) => {
    asked.push(wanted);
    return (async function* () {
      yield Buffer.from('far');
    })();
  };
  expect(await read(importKinds.slack, path, { download })).toEqual([...archived, 'c.txt (3): far', ...others]);
  expect(asked).toEqual([url]);
});

test('Mattermost: below data, of posts, replies and direct posts', async () => {
  const lines = [
    { type: 'channel', channel: { team: 't', name: 'c', type: 'O' } },
    { type: 'user', user: { username: 'anna' } },
    {
      type: 'post',
      post: {
        team: 't',
        channel: 'c',
        user: 'anna',
        create_at: 1_700_000_000_000,
        message: 'x',
        attachments: [{ path: '2024/a.txt' }, { path: '../../../etc/passwd' }, { path: null }],
        replies: [
          { user: 'anna', create_at: 1_700_000_000_001, message: 'y', attachments: [{ path: 'data/2024/b.txt' }] },
        ],
      },
    },
  ];
  const path = await written('mattermost', {
    'import.jsonl': lines.map((line) => JSON.stringify(line)).join('\n'),
    'data/2024/a.txt': 'a',
    'data/2024/b.txt': 'bb',
  });
  expect(await read(importKinds.mattermost, path)).toEqual(['a.txt (1): a', 'passwd', 'file', 'b.txt (2): bb']);
  expect(await read(importKinds.mattermost, join(path, 'import.jsonl'))).toEqual(['a.txt', 'passwd', 'file', 'b.txt']);
});

test('Zulip: uploads, by the list of attachments; their links become names', async () => {
  const message = {
    id: 7,
    sender: 1,
    recipient: 11,
    subject: 't',
    date_sent: 1_700_000_000,
    content: 'see [a.txt](/user_uploads/2/ab/a.txt) and [b](https://b.example)',
  };
  const path = await written('zulip', {
    'realm.json': {
      zerver_userprofile: [{ id: 1, full_name: 'Anna' }],
      zerver_stream: [{ id: 5, name: 's', invite_only: false }],
      zerver_recipient: [{ id: 11, type: 2, type_id: 5 }],
    },
    'attachment.json': {
      zerver_attachment: [
        { file_name: 'a.txt', path_id: '2/ab/a.txt', messages: [7, 8] },
        { file_name: 'lost.txt', path_id: '2/ab/lost.txt', messages: [7] },
        { file_name: null, path_id: null, messages: null },
      ],
    },
    'messages-000001.json': { zerver_message: [message] },
    'uploads/2/ab/a.txt': 'a',
  });
  expect(await read(importKinds.zulip, path)).toEqual(['a.txt (1): a', 'lost.txt']);
  const texts: unknown[] = [];
  for await (const item of importKinds.zulip.parse(path)) if (item.type === 'message') texts.push(...item.text);
  expect(texts.join('')).toBe('**t**\nsee a.txt and [b](https://b.example)');
});

test('custom emoji are found with their pictures, before the messages', async () => {
  const slack = await written('slack-emoji', {
    'users.json': [],
    'emoji.json': {
      emoji: { a: 'https://emoji.slack-edge.com/a.png', b: 'alias:a', c: 'alias:thumbsup', d: 'http://x/d', e: null },
    },
    'emoji/a.png': 'a',
  });
  const mattermost = await written('mattermost-emoji', {
    'import.jsonl': [
      '{"type":"user","user":{"username":"anna"}}',
      '{"type":"emoji","emoji":{"name":"m-1","image":"exported_emoji/1/image"}}',
    ].join('\n'),
    'data/exported_emoji/1/image': 'm',
  });
  const zulip = await written('zulip-emoji', {
    'realm.json': {
      zerver_realmemoji: [
        { name: 'z', file_name: '1.png', author: 3 },
        { name: 'old', file_name: '1.png', deactivated: true },
      ],
    },
    'emoji/2/emoji/images/1.png': 'z',
  });
  const rocket = await written('rocket-emoji', {
    'rocketchat_message.bson': Buffer.alloc(0),
    'rocketchat_custom_emoji.bson': Buffer.from(serialize({ name: 'r', aliases: ['rr'], extension: 'png' })),
    'custom_emoji.chunks.bson': Buffer.from(serialize({ files_id: 'r.png', n: 0, data: new Binary(Buffer.from('r')) })),
  });
  const found: string[] = [];
  for (const [kind, path] of [
    ['slack', slack],
    ['mattermost', mattermost],
    ['zulip', zulip],
    ['rocket-chat', rocket],
  ] as const)
    for await (const item of (importKinds[kind] as ImportKind).parse(path, options)) {
      if (item.type !== 'emoji') continue;
      const chunks: Uint8Array[] = [];
      if (item.picture !== undefined) for await (const chunk of await item.picture.open()) chunks.push(chunk);
      found.push(`${item.key} ${Buffer.concat(chunks).toString()}`);
    }
  expect(found).toEqual(['a a', 'b a', 'd ', 'm-1 m', 'z z', 'r r', 'rr r']);
});

test('Rocket.Chat: the chunks of GridFS in any order; what a link in the folder leads to is not read', async () => {
  const chunk = (id: string, n: number, text: string) =>
    serialize({ _id: `${id}${n}`, files_id: id, n, data: new Binary(Buffer.from(text)) });
  const message = {
    _id: 'm1',
    rid: 'R1',
    u: { username: 'anna' },
    ts: new Date(1_700_000_000_000),
    msg: 'x',
    files: [
      { _id: 'f1', name: 'a.txt', type: 'text/plain' },
      { _id: 't1', name: 'thumb-a.txt', typeGroup: 'thumb' },
      { _id: 'f2', name: 'elsewhere.txt' },
    ],
  };
  const path = await written('rocket', {
    'rocketchat_room.bson': Buffer.from(serialize({ _id: 'R1', t: 'c', name: 'c' })),
    'rocketchat_message.bson': Buffer.from(serialize(message)),
    'rocketchat_uploads.chunks.bson': Buffer.concat([
      chunk('f1', 1, 'two '),
      chunk('f3', 0, 'other'),
      chunk('f1', 2, 'three'),
      chunk('f1', 0, 'one '),
    ]),
  });
  await writeFile(join(folder, 'secret.bson'), serialize({ username: 'secret' }));
  await symlink(join(folder, 'secret.bson'), join(path, 'users.bson'));
  expect(await read(importKinds['rocket-chat'], path)).toEqual(['a.txt (13): one two three', 'elsewhere.txt']);
  const people: string[] = [];
  for await (const item of importKinds['rocket-chat'].parse(path)) if (item.type === 'person') people.push(item.key);
  expect(people).toEqual([]);
});
