import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { listen } from './testing/listen.ts';
import { PASSWORD, world } from './testing/world.ts';

const scene = await world();
const dir = await mkdtemp(join(tmpdir(), 'fechatter-examples-'));
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

const START_MS = 20_000;

/** An example in its own process. */
function start(example: 'bot' | 'cli', env: Readonly<Record<string, string>>) {
  const main = fileURLToPath(new URL(`../../examples/${example}/src/main.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env: { PATH: process.env['PATH'], SERVER: scene.serverUrl, NOTIFY: scene.notifyUrl, ...env },
    stdio: 'pipe',
  });
  const closed = once(child, 'close');
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  return {
    says: (words: string) =>
      until(() => printed.includes(words), `${example} says ${words}`, START_MS).catch((error: unknown) => {
        throw new Error(printed, { cause: error });
      }),
    type: (line: string) => child.stdin.write(`${line}\n`),
    closed,
    async [Symbol.asyncDispose]() {
      child.kill();
      await closed;
    },
  };
}

test('the bot answers what it is asked, and what it was asked while it was down, once', async () => {
  const { alice, workspaceId, chatId } = await scene.chatOf('alice');
  const { token } = await alice.client.workspace.invite.mutate({ workspaceId, role: 'Member' });
  const env = { EMAIL: 'bot@example.com', PASSWORD, INVITE: token, PLACE: join(dir, 'bot.cursor') };
  const heard = await listen(alice.client);
  const ask = (content: string) => alice.client.message.send.mutate({ chatId, content });
  {
    await using bot = start('bot', env);
    await bot.says('listening');
    const { members } = await alice.client.workspace.members.query({ workspaceId });
    const userIds = members.map(({ user }) => user.id).filter((id) => id !== alice.id);
    await alice.client.chat.addMembers.mutate({ chatId, userIds });
    await ask('!echo hello');
    expect(await heard.said(2)).toEqual(['!echo hello', 'hello']);
  }
  await ask('!echo and later');
  await using again = start('bot', env);
  await again.says('listening');
  expect((await heard.said(4)).slice(2)).toEqual(['!echo and later', 'and later']);
  await ask('!echo now');
  expect((await heard.said(6)).slice(4)).toEqual(['!echo now', 'now']);
  heard.unsubscribe();
});

test('the terminal chat signs up, makes a channel, and says and shows what is said', async () => {
  await using cli = start('cli', {});
  for (const [question, answer] of [
    ['e-mail: ', 'carol@example.com'],
    ['password: ', PASSWORD],
    ['name (only', 'Carol'],
    ['which one?', 'kitchen'],
    ['write and press enter', 'is anybody there?'],
  ] as const) {
    await cli.says(question);
    cli.type(answer);
  }
  await cli.says('Carol: is anybody there?');
  cli.type('/quit');
  expect(await cli.closed).toEqual([0, null]);
});
