import { accessOf } from '@fechatter/drizzle/testing';
import { testServer } from '@fechatter/server/testing';
import { testEnvironment } from '@fechatter/service-kit/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from './run-cli.ts';

const app = await testServer();
const folder = await mkdtemp(join(tmpdir(), 'fechatter-import-'));
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function cli(...argv: string[]) {
  let out = '';
  let err = '';
  const code = await runCli(argv, {
    env: { ...testEnvironment, FECHATTER_DATABASE_URL: accessOf(app.database, 'importer').url },
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

test('logs come into a new workspace, after a dry run that writes nothing, and a second time change nothing', async () => {
  const alice = await app.signUp('alice');
  await writeFile(join(folder, 'garden-2005-01-02.log'), '[10:00] <anna> hello\n[10:01] <bob> hi\n*** odd\n');
  const into = ['--new', 'Old times', '--owner', 'alice@example.com'];
  const dry = await cli('import', 'irc', folder, ...into, '--dry-run');
  expect(dry).toMatchObject({ code: 0, err: '' });
  expect(dry.out).toContain('would come: 2 messages (0 replies) in 1 chats');
  expect(dry.out).toContain('1 × a line that is no message');
  expect((await alice.trpc.workspace.list.query()).workspaces).toEqual([]);

  const came = await cli('import', 'irc', folder, ...into, '--json');
  expect(came).toMatchObject({ code: 0, err: '' });
  const { workspaceId } = JSON.parse(came.out) as { workspaceId: string };
  const { channels } = await alice.trpc.workspace.channels.query({ workspaceId });
  expect(channels).toMatchObject([{ name: 'garden' }]);
  const { messages } = await alice.trpc.message.list.query({ chatId: channels[0]?.id ?? '' });
  expect(messages.map(({ content, sender }) => [sender.name, content])).toEqual([
    ['bob', 'hi'],
    ['anna', 'hello'],
  ]);

  const again = await cli('import', 'irc', folder, '--workspace', workspaceId);
  expect(again.out).toContain('1 chats were imported before and stay unchanged');
  expect((await alice.trpc.workspace.channels.query({ workspaceId })).channels).toHaveLength(1);
});

test('what is no export makes no workspace', async () => {
  const bob = await app.signUp('bob');
  const into = ['--new', 'Nothing', '--owner', 'bob@example.com'];
  for (const [kind, path] of [
    ['slack', folder],
    ['zulip', folder],
    ['irc', join(folder, 'nowhere')],
  ] as const)
    expect(await cli('import', kind, path, ...into)).toMatchObject({ code: 1, out: '' });
  expect((await bob.trpc.workspace.list.query()).workspaces).toEqual([]);
});

test('what is missing or wrong on the line is said', async () => {
  const lines = [
    [],
    ['letters', folder],
    ['irc'],
    ['irc', folder],
    ['irc', folder, '--new', 'x'],
    ['irc', folder, '--workspace', 'x', '--new', 'y', '--owner', 'z'],
    ['irc', folder, '--workspace', 'x', '--time-zone', 'Mars'],
    ['irc', folder, '--workspace', 'x', '--encoding', 'runes'],
  ];
  for (const line of lines) expect((await cli('import', ...line)).code).toBe(2);
  expect(await cli('import', 'irc', folder, '--workspace', 'x')).toMatchObject({
    code: 1,
    err: 'no workspace has the id x\n',
  });
});
