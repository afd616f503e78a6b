import { someBytes, testServer, uploaded } from '@fechatter/server/testing';
import { testEnvironment } from '@fechatter/service-kit/testing';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from './run-cli.ts';

const app = await testServer();
const folder = await mkdtemp(join(tmpdir(), 'fechatter-export-'));
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function cli(line: string) {
  let out = '';
  let err = '';
  const code = await runCli(line.split(' '), {
    env: {
      ...testEnvironment,
      FECHATTER_DATABASE_URL: app.database.url,
      FECHATTER_FILES_FOLDER: app.deps.config.files.folder,
    },
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    signal: new AbortController().signal,
  });
  return { code, out, err };
}
async function linesOf(file: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(file, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('an export is written to a file that only its owner can read, and never over another', async () => {
  const { alice, bob, workspace, chat } = await app.chatOf('alice', 'bob');
  for (let n = 0; n < 120; n++) await bob.trpc.message.send.mutate({ chatId: chat.id, content: `message ${n}` });
  const mine = join(folder, 'bob.jsonl');
  expect(await cli(`users export bob@example.com --out ${mine}`)).toEqual({
    code: 0,
    out: `the data of bob@example.com is in ${mine}\n`,
    err: '',
  });
  expect((await stat(mine)).mode & 0o777).toBe(0o600);
  const lines = await linesOf(mine);
  expect(lines[0]).toMatchObject({ type: 'user', id: bob.id, full_name: 'bob' });
  expect(lines.filter(({ type }) => type === 'message')).toHaveLength(120);
  expect(lines.at(-1)).toEqual({ type: 'end', lines: lines.length - 1 });
  const again = await cli(`users export ${bob.id} --out ${mine}`);
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('EEXIST')]);

  const whole = join(folder, 'workspace.jsonl');
  expect((await cli(`workspaces export ${workspace.id} --out ${whole}`)).code).toBe(0);
  const all = await linesOf(whole);
  // A group chat of which the operator is not a member.
  expect(all.filter(({ type }) => type === 'message')).toHaveLength(120);
  const { entries } = await alice.trpc.workspace.auditLog.query({ workspaceId: workspace.id, limit: 3 });
  expect(entries.map(({ action, actorId }) => [action, actorId])).toEqual([
    ['workspace.exported', null],
    ['account.exported', null],
    ['account.exported', null],
  ]);
});

test('an export with files has their content, also of chats that the person has left, and says what cannot be read', async () => {
  const { uma, fred, workspace, chat } = await app.chatOf('uma', 'fred');
  const chatId = chat.id;
  const bytes = someBytes(9_000_000);
  const send = async (content: Uint8Array) => {
    const file = await uploaded(app, fred, { chatId, bytes: content });
    await fred.trpc.message.send.mutate({ chatId, content: '', fileIds: [file.id] });
    return file.id;
  };
  const [large, empty] = [await send(bytes), await send(new Uint8Array())];
  const { fileId: picture } = await uma.trpc.file.begin.mutate({ workspaceId: workspace.id, name: 'x', size: 0 });
  await app.database.query("update files set state = 'Ready', width = 1, height = 1 where id = $1", [picture]);
  await uma.trpc.emoji.create.mutate({ workspaceId: workspace.id, name: 'parrot', fileId: picture });
  await fred.trpc.chat.leave.mutate({ chatId });
  const exported = async (what: string, name: string) =>
    cli(`${what} --out ${join(folder, `${name}.jsonl`)} --files ${join(folder, name)}`);
  expect(await exported(`users export ${fred.id}`, 'fred')).toMatchObject({ code: 0, err: '' });
  expect((await readdir(join(folder, 'fred'))).sort()).toEqual([large, empty].sort());
  expect((await readFile(join(folder, 'fred', large))).equals(bytes)).toBe(true);
  expect((await stat(join(folder, 'fred', large))).mode & 0o777).toBe(0o600);
  expect(await exported(`workspaces export ${workspace.id}`, 'all')).toMatchObject({ code: 0 });
  expect((await readdir(join(folder, 'all'))).sort()).toEqual([large, empty, picture].sort());
  expect((await exported(`users export ${fred.id}`, 'fred')).code).toBe(1);
  const objects = await app.database.query<{ id: string }>('select id from file_objects where file_id = $1', [large]);
  await app.deps.files.stores.of('Folder').delete(objects[0]?.id ?? '');
  const lost = await exported(`users export ${fred.id}`, 'lost');
  expect([lost.code, lost.err]).toEqual([1, expect.stringContaining(large)]);
  expect(await readdir(join(folder, 'lost'))).toEqual([empty]);
  expect((await linesOf(join(folder, 'lost.jsonl'))).at(-1)).toMatchObject({ type: 'end' });
});

test('an operator erases a person only after confirming', async () => {
  const { carol, dave, chat } = await app.chatOf('carol', 'dave');
  await dave.trpc.message.send.mutate({ chatId: chat.id, content: 'text' });
  expect((await cli('users erase dave@example.com')).code).toBe(2);
  expect(await cli('users erase carol@example.com --yes')).toMatchObject({
    code: 1,
    err: expect.stringContaining('last Owner'),
  });
  expect(await cli('users erase dave@example.com --yes')).toMatchObject({
    code: 0,
    out: `${dave.id} is closed; wiping\ndone\n`,
  });
  expect((await carol.trpc.message.list.query({ chatId: chat.id })).messages).toEqual([]);
  expect((await cli(`users erase ${dave.id} --yes`)).out).toContain('done');
  expect((await cli(`users reactivate ${dave.id}`)).code).toBe(1);
});

test('an operator sets the retention of a workspace', async () => {
  const { erin, workspace } = await app.workspaceOf('erin');
  const line = `workspaces retention ${workspace.id}`;
  expect((await cli(`${line} --days 30`)).out).toBe('a workspace keeps its messages for 30 days\n');
  const kept = async () => (await erin.trpc.workspace.get.query({ workspaceId: workspace.id })).retentionDays;
  expect(await kept()).toBe(30);
  expect((await cli(`${line} --forever`)).out).toBe('a workspace keeps its messages for ever\n');
  expect(await kept()).toBeNull();
  for (const wrong of ['', ' --days 0', ' --days 3 --forever']) expect((await cli(`${line}${wrong}`)).code).toBe(2);
  expect((await cli(`workspaces retention ${erin.id} --days 3`)).code).toBe(1);
});
