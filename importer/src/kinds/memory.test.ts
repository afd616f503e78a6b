import { serialize } from 'bson';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { heldBytes } from '../testing/held-bytes.ts';
import { importKinds } from './kinds.ts';

// What a parser holds at the last message of an export, by how many messages there are. People and chats are the same.

const [FEW, MANY] = [2_000, 22_000];
/** Zulip's reactions take 28; before their memory grows. What is held otherwise is noise. */
const BYTES_A_MESSAGE_MAX = 100;
const FILE_MESSAGES = 1_000;
const PEOPLE = Array.from({ length: 10 }, (_, n) => n + 1);

const folder = await mkdtemp(join(tmpdir(), 'fechatter-memory-'));
afterAll(() => rm(folder, { recursive: true }));

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
const secondsOf = (n: number) => 1_600_000_000 + n;
const text = (n: number) => `message ${n} of no great length`;

/** Files of a thousand messages each, in the folder of the kind. */
async function inFiles(
  path: string,
  count: number,
  write: (numbers: readonly number[], file: number) => Promise<void>,
) {
  for (let file = 0; file * FILE_MESSAGES < count; file++)
    await write(numbers(file * FILE_MESSAGES, Math.min(count, (file + 1) * FILE_MESSAGES)), file);
  return path;
}
const json = (path: string, value: unknown) => writeFile(path, JSON.stringify(value));

const exports: Readonly<Record<keyof typeof importKinds, (path: string, count: number) => Promise<string>>> = {
  async slack(path, count) {
    await json(
      join(path, 'users.json'),
      PEOPLE.map((id) => ({ id: `U${id}`, name: `p${id}` })),
    );
    await json(join(path, 'channels.json'), [{ id: 'C1', name: 'general' }]);
    await mkdir(join(path, 'general'));
    return inFiles(path, count, (days, file) =>
      json(
        join(path, 'general', `${file}.json`),
        days.map((n) => ({ user: `U${(n % 10) + 1}`, ts: `${secondsOf(n)}.000000`, text: text(n) })),
      ),
    );
  },
  async mattermost(path, count) {
    const file = join(path, 'export.jsonl');
    const lines = [
      { type: 'channel', channel: { team: 't', name: 'c', type: 'O' } },
      ...PEOPLE.map((id) => ({ type: 'user', user: { username: `p${id}` } })),
      ...numbers(0, count).map((n) => ({
        type: 'post',
        post: { team: 't', channel: 'c', user: `p${(n % 10) + 1}`, create_at: secondsOf(n) * 1_000, message: text(n) },
      })),
    ];
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    return file;
  },
  async 'rocket-chat'(path, count) {
    const dump = (name: string, documents: readonly object[]) =>
      writeFile(join(path, `${name}.bson`), Buffer.concat(documents.map((document) => serialize(document))));
    await dump(
      'users',
      PEOPLE.map((id) => ({ username: `p${id}` })),
    );
    await dump('rocketchat_room', [{ _id: 'R1', t: 'c', name: 'general' }]);
    await dump(
      'rocketchat_message',
      numbers(0, count).map((n) => ({
        _id: `m${n}`,
        rid: 'R1',
        ts: new Date(secondsOf(n) * 1_000),
        msg: text(n),
        u: { username: `p${(n % 10) + 1}` },
      })),
    );
    return path;
  },
  async zulip(path, count) {
    await json(join(path, 'realm.json'), {
      zerver_userprofile: PEOPLE.map((id) => ({ id, full_name: `p${id}` })),
      zerver_stream: [{ id: 5, name: 'closed', invite_only: true, history_public_to_subscribers: false }],
      zerver_recipient: [{ id: 15, type: 2, type_id: 5 }],
      zerver_subscription: PEOPLE.map((id) => ({ user_profile: id, recipient: 15, active: true })),
      zerver_reaction: numbers(0, count).map((n) => ({ message: n, user_profile: 1, emoji_name: 'tada' })),
    });
    return inFiles(path, count, (of, file) =>
      json(join(path, `messages-${String(file).padStart(6, '0')}.json`), {
        zerver_message: of.map((id) => ({
          id,
          sender: 1,
          recipient: 15,
          subject: 't',
          content: text(id),
          date_sent: secondsOf(id),
        })),
        zerver_usermessage: of.flatMap((id) => PEOPLE.map((person) => ({ message: id, user_profile: person }))),
      }),
    );
  },
  irc: (path, count) =>
    inFiles(path, count, (of, file) =>
      writeFile(
        join(path, `c-2005-01-${String(file + 1).padStart(2, '0')}.log`),
        of.map((n) => `[10:00:${String(n % 60).padStart(2, '0')}] <p${n % 10}> ${text(n)}\n`).join(''),
      ),
    ),
  async fechatter(path, count) {
    const file = join(path, 'workspace.jsonl');
    const id = (n: number) => `019b0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
    const at = (n: number) => new Date(secondsOf(n) * 1_000).toISOString();
    const lines = [
      { type: 'chat', id: id(0), name: 'c', chat_type: 'PublicChannel', created_at: at(0) },
      ...numbers(0, count).map((n) => ({
        type: 'message',
        id: id(1_000 + n),
        chat_id: id(0),
        content: text(n),
        sender: { id: id(1 + (n % 10)), name: `p${n % 10}` },
        created_at: at(n),
      })),
    ];
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    return file;
  },
};

/** What is held at the last message, beyond what was before. */
async function heldAtTheEnd(kind: keyof typeof importKinds, count: number): Promise<number> {
  const path = join(folder, `${kind}-${count}`);
  await mkdir(path);
  const file = await exports[kind](path, count);
  const before = heldBytes();
  let [messages, held] = [0, 0];
  for await (const item of importKinds[kind].parse(file, { timeZone: 'UTC' }))
    if (item.type === 'message' && ++messages === count) held = heldBytes() - before;
  expect(messages).toBe(count);
  return held;
}

test.each(Object.keys(importKinds) as (keyof typeof importKinds)[])(
  'the memory of the parser of %s does not grow with the messages',
  async (kind) => {
    // What is loaded and compiled once.
    await heldAtTheEnd(kind, FILE_MESSAGES);
    const few = await heldAtTheEnd(kind, FEW);
    const many = await heldAtTheEnd(kind, MANY);
    expect((many - few) / (MANY - FEW)).toBeLessThan(BYTES_A_MESSAGE_MAX);
  },
);
