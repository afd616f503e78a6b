import { testServer } from '@fechatter/server/testing';
import { afterAll, expect, test } from 'vitest';
import { workerDeps } from '../testing/worker-deps.ts';
import { forgetBots } from './forget-bots.ts';

const app = await testServer();
const deps = workerDeps(app);
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});

test('a bot that was deleted a month ago is forgotten, unless it still has webhooks; what it wrote stays', async () => {
  const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
  const botIn = async (name: string) => {
    const made = await alice.trpc.bot.create.mutate({ workspaceId: workspace.id, name, scopes: ['read', 'write'] });
    await alice.trpc.chat.addMembers.mutate({ chatId: chat.id, userIds: [made.bot.id] });
    const trpc = app.client({ authorization: `Bearer ${made.apiKey}` });
    await trpc.message.send.mutate({ chatId: chat.id, content: `from ${name}` });
    return made.bot.id;
  };
  const [old, hooked, recent, live] = [
    await botIn('old'),
    await botIn('hooked'),
    await botIn('new'),
    await botIn('live'),
  ];
  await alice.trpc.webhook.create.mutate({ botId: hooked, url: 'https://example.com/', kinds: ['message.created'] });
  for (const botId of [old, hooked, recent]) await alice.trpc.bot.delete.mutate({ botId });
  await app.database.query(`update bots set deleted_at = now() - interval '31 days' where user_id = any ($1)`, [
    [old, hooked],
  ]);
  await forgetBots(deps, new AbortController().signal);
  const rows = await app.database.query<{ user_id: string }>('select user_id from bots order by created_at');
  expect(rows.map((row) => row.user_id)).toEqual([hooked, recent, live]);
  const { messages } = await bob.trpc.message.list.query({ chatId: chat.id });
  expect(messages.map(({ sender }) => sender)).toContainEqual(
    expect.objectContaining({ id: old, name: 'old', kind: 'Bot' }),
  );
});
