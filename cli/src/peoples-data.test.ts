import { testServer } from '@fechatter/server/testing';
import { testEnvironment } from '@fechatter/service-kit/testing';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
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
    env: { ...testEnvironment, FECHATTER_DATABASE_URL: app.database.url },
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

test('exports go to a file that nobody else can read, and never over another', async () => {
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

test('an operator erases a person, once it is meant', async () => {
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

test('an operator says how long a workspace keeps its messages', async () => {
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
