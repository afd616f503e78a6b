import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startExample } from './testing/example-process.ts';
import { listen } from './testing/listen.ts';
import { world } from './testing/world.ts';

const scene = await world();
const folder = await mkdtemp(join(tmpdir(), 'fechatter-bots-'));
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const python = installed('python3');
const bots = [
  { language: 'TypeScript', command: [process.execPath, '--import', 'tsx', 'bot/src/main.ts'] },
  ...(python === undefined ? [] : [{ language: 'Python', command: [python, 'bot/bot.py'] }]),
];

describe.each(bots)('the bot in $language', ({ language, command }) => {
  async function botInChat() {
    const { alice, workspaceId, chatId } = await scene.chatOf('alice');
    const { client } = alice;
    const scopes = ['read', 'message.send', 'message.react'] as const;
    const { bot, apiKey } = await client.bot.create.mutate({ workspaceId, name: 'Echo', scopes: [...scopes] });
    await client.chat.addMembers.mutate({ chatId, userIds: [bot.id] });
    const start = () => startExample(command, scene, { KEY: apiKey, PLACE: join(folder, `${language}-${bot.id}`) });
    const ask = (content: string, threadId?: string) => client.message.send.mutate({ chatId, content, threadId });
    return { client, chatId, botId: bot.id, start, ask };
  }

  test('answers and reacts once to each command, also to those sent while it was down', async () => {
    const { client, chatId, start, ask } = await botInChat();
    const listening = await listen(client);
    {
      await using bot = start();
      await bot.prints('listening');
      await ask('no command');
      const { id: messageId } = await ask('!echo hello');
      expect(await listening.firstContents(3)).toEqual(['no command', '!echo hello', 'hello']);
      expect(await client.message.get.query({ chatId, messageId })).toMatchObject({
        reactions: [{ emoji: '👀', count: 1 }],
      });
    }
    const { id: deleted } = await ask('!echo deleted meanwhile');
    await client.message.delete.mutate({ chatId, messageId: deleted });
    await ask('!echo and later');
    await using again = start();
    await again.prints('listening');
    expect((await listening.firstContents(6)).slice(4)).toEqual(['!echo and later', 'and later']);
    const { id: threadId } = await ask('!echo now');
    expect((await listening.firstContents(8)).slice(6)).toEqual(['!echo now', 'now']);
    await ask('!echo in the thread', threadId);
    expect((await listening.firstContents(10)).slice(8)).toEqual(['!echo in the thread', 'in the thread']);
    expect((await client.message.list.query({ chatId, threadId })).messages).toHaveLength(2);
    listening.unsubscribe();
  });

  test('ends when its key is replaced', async () => {
    const { client, botId, start } = await botInChat();
    await using bot = start();
    await bot.prints('listening');
    await client.bot.rotateKey.mutate({ botId });
    expect(await bot.closed).toEqual([1, null]);
  });
});

/** The path of a program; undefined if it is not installed. */
function installed(program: string): string | undefined {
  try {
    return execFileSync(program, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
