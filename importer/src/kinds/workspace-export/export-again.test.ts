import { createMessageCipher, createNotifier } from '@fechatter/drizzle';
import { exportedPages } from '@fechatter/server';
import { brokenRules } from '@fechatter/server/invariants';
import { download, testServer, uploaded } from '@fechatter/server/testing';
import { photo } from '@fechatter/worker/testing';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { importing } from '../../testing/imported.ts';
import { parseWorkspaceExport } from './parse-workspace-export.ts';

const app = await testServer();
const imports = importing(app);
const folder = await mkdtemp(join(tmpdir(), 'fechatter-again-'));
afterAll(async () => {
  await imports[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

interface ExportedLine extends Record<string, unknown> {
  readonly type: string;
  readonly id?: string;
}

interface ExportedFile {
  readonly id: string;
  readonly name: string;
  readonly mime: string;
  readonly size: number;
  readonly state: string;
}

async function exported(workspaceId: string): Promise<ExportedLine[]> {
  const ring = app.deps.config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }));
  const deps = {
    db: app.deps.db,
    notifier: createNotifier(app.deps.db.pool),
    cipher: createMessageCipher(ring),
    log: app.deps.log,
  };
  const lines: ExportedLine[] = [];
  for await (const page of exportedPages(deps, { of: 'workspace', id: workspaceId }))
    lines.push(...(JSON.parse(JSON.stringify(page)) as ExportedLine[]));
  return lines;
}

/**
 * What must be equal: custom emoji, chats, their members and messages, with ids of chats, messages, emoji and bots by their names.
 * Bots are members here, and run; there they are authors.
 */
function comparable(lines: readonly ExportedLine[]): unknown[] {
  const names = new Map<string, string>();
  const bots = new Set<unknown>();
  const kept = lines.filter(({ type }) => ['chat', 'chatMember', 'message', 'emoji'].includes(type));
  for (const { type, id, content, name, sender, file_id: fileId } of kept) {
    if (id !== undefined) names.set(id, `${type} ${String(content ?? name)}`);
    if (typeof fileId === 'string') names.set(fileId, `the picture of ${String(name)}`);
    const author = sender as { id: string; kind: string; name: string } | undefined;
    if (author?.kind !== 'Bot') continue;
    bots.add(author.id);
    names.set(author.id, `the bot ${author.name}`);
  }
  // Counters of events, and times at which people joined or changed something here.
  const own = new Set(['seq', 'version', 'client_id', 'updated_at', 'joined_at']);
  const equal = kept.filter(({ type, user_id: userId }) => type !== 'chatMember' || !bots.has(userId));
  const text = JSON.stringify(equal, (key, value: unknown) => {
    if (key === 'files')
      return (value as ExportedFile[]).map(({ name, mime, size, state }) => [name, mime, size, state]);
    return own.has(key) ? undefined : value;
  });
  const named = text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => names.get(id) ?? id);
  return (JSON.parse(named) as { name?: string }[]).map((line) => JSON.stringify(line)).sort();
}

type Three = Awaited<ReturnType<typeof app.workspaceOf<'alice' | 'bob' | 'carol'>>>;

async function talk({ alice, bob, workspace }: Three, carolId: string): Promise<readonly [string, string]> {
  const workspaceId = workspace.id;
  const create = (
    name: string,
    chatType: 'Group' | 'PublicChannel' | 'PrivateChannel' | 'Single',
    memberIds: string[],
  ) => alice.trpc.chat.create.mutate({ workspaceId, name, chatType, memberIds });
  const channel = await create('general', 'PublicChannel', [bob.id, carolId]);
  await alice.trpc.chat.update.mutate({ chatId: channel.id, topic: 'everything', whoPosts: 'Admins' });
  const old = await create('old', 'PrivateChannel', [bob.id]);
  await bob.trpc.message.send.mutate({ chatId: old.id, content: 'before the end' });
  await alice.trpc.chat.archive.mutate({ chatId: old.id });
  const direct = await create('us', 'Single', [bob.id]);
  await bob.trpc.message.send.mutate({ chatId: direct.id, content: 'between us', data: '{"a":1}' });
  const group = await create('plans', 'Group', [bob.id, carolId]);
  const chatId = group.id;
  const post = await alice.trpc.message.send.mutate({ chatId, content: `<@${bob.id}> and <!everyone>: look` });
  await bob.trpc.message.send.mutate({ chatId, content: 'a reply', threadId: post.id });
  const { id: fileId } = await uploaded(app, alice, { chatId, bytes: Buffer.from('the plan'), name: 'plan.txt' });
  await alice.trpc.message.send.mutate({ chatId, content: 'with a file', fileIds: [fileId] });
  const quoting = await bob.trpc.message.send.mutate({ chatId, content: 'quoting', quotedId: post.id });
  await bob.trpc.message.edit.mutate({ chatId, messageId: quoting.id, content: 'quoted' });
  for (const person of [bob, alice])
    await person.trpc.message.react.mutate({ chatId, messageId: post.id, emoji: '👍' });
  await alice.trpc.message.pin.mutate({ chatId, messageId: post.id });
  await programs(alice, chatId, workspaceId);
  return [fileId, await parrot({ alice, bob, workspaceId, chatId }, post.id)];
}

/** A custom emoji, in a text and in a reaction. */
async function parrot(
  { alice, bob, workspaceId, chatId }: Pick<Three, 'alice' | 'bob'> & { workspaceId: string; chatId: string },
  messageId: string,
): Promise<string> {
  const { id } = await uploaded(app, alice, { workspaceId, bytes: await photo(1), name: 'parrot.png' });
  await app.database.query(
    "update files set width = 1, height = 1, mime = 'image/webp', state = 'Ready' where id = $1",
    [id],
  );
  await alice.trpc.emoji.create.mutate({ workspaceId, name: 'parrot', fileId: id });
  await bob.trpc.message.react.mutate({ chatId, messageId, emoji: ':parrot:' });
  return id;
}

/** A bot and a webhook write. */
async function programs({ trpc }: Three['alice'], chatId: string, workspaceId: string): Promise<void> {
  const { bot, apiKey } = await trpc.bot.create.mutate({ workspaceId, name: 'echo', scopes: ['write'] });
  await trpc.chat.addMembers.mutate({ chatId, userIds: [bot.id] });
  await app.client({ authorization: `Bearer ${apiKey}` }).message.send.mutate({ chatId, content: 'from the bot' });
  const { url } = await trpc.incomingWebhook.create.mutate({ chatId, name: 'deploys' });
  const posted = await fetch(`${app.url}${new URL(url).pathname}`, {
    method: 'POST',
    body: '{"text":"from the webhook"}',
  });
  expect(posted.status).toBe(200);
}

test('an export that is imported into another workspace and exported again is the same', async () => {
  const first = await app.workspaceOf('alice', 'bob', 'carol');
  const [fileId, pictureId] = await talk(first, first.carol.id);
  const before = await exported(first.workspace.id);
  const file = join(folder, 'workspace.jsonl');
  const text = [...before, { type: 'end', lines: before.length }].map((line) => JSON.stringify(line)).join('\n');
  await writeFile(file, `${text}\n`);

  const files = join(folder, 'files');
  await mkdir(files);
  for (const id of [fileId, pictureId])
    await writeFile(join(files, id), Buffer.from(await (await download(app, first.alice, id)).arrayBuffer()));

  const { id: workspaceId } = await first.alice.trpc.workspace.create.mutate({ name: 'again' });
  const { token } = await first.alice.trpc.workspace.invite.mutate({ workspaceId, role: 'Member', maxUses: 5 });
  for (const person of [first.bob, first.carol]) await person.trpc.workspace.acceptInvite.mutate({ token });
  const report = await imports.into(workspaceId, parseWorkspaceExport(file, { files }));
  expect(report).toMatchObject({ people: 5, matchedPeople: 3, chats: 4, messages: 8, files: 1, emoji: 1 });
  expect(report.problems).toMatchObject([{ reason: expect.stringContaining('Owner of the source'), count: 1 }]);
  const exportedAgain = await exported(workspaceId);
  const [again] = exportedAgain.flatMap(({ files: of = [] }) => of as readonly ExportedFile[]);
  expect(await (await download(app, first.bob, again?.id ?? '')).text()).toBe('the plan');
  const after = comparable(exportedAgain);
  expect(after).toEqual(comparable(before));
  expect(after.length).toBeGreaterThan(15);
  expect(await brokenRules(app.database)).toEqual({});
});

test('a truncated export is imported, and the truncation is reported', async () => {
  const file = join(folder, 'cut.jsonl');
  await writeFile(file, '{"type":"workspace"}\n{"type":"member","id":');
  const reasons: string[] = [];
  for await (const item of parseWorkspaceExport(file)) if (item.type === 'problem') reasons.push(item.reason);
  expect(reasons).toEqual([
    'a line that cannot be read is left out',
    'the export is incomplete: its last line is missing',
  ]);
});

test('reactions that the export does not list are counted, and reported once', async () => {
  const file = join(folder, 'many.jsonl');
  const id = '019b0000-0000-7000-8000-000000000000';
  const line = {
    type: 'message',
    id,
    chat_id: id,
    content: 'hi',
    sender: { id, name: 'anna' },
    created_at: '2024-05-01T10:00:00Z',
    reactions: [{ emoji: '👍', count: 5_000_000, user_ids: [id] }],
  };
  await writeFile(file, JSON.stringify(line));
  const counts: (number | undefined)[] = [];
  for await (const item of parseWorkspaceExport(file))
    if (item.type === 'problem' && item.reason.startsWith('a reaction')) counts.push(item.count);
  expect(counts).toEqual([4_999_999]);
});
