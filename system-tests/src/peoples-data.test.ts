import { openDatabase } from '@fechatter/drizzle';
import { accessOf } from '@fechatter/drizzle/testing';
import { purgeExpired } from '@fechatter/worker';
import { afterAll, expect, test } from 'vitest';
import { PASSWORD, world } from './world.ts';

// Content that was removed from a history is not shown by its events, live or replayed.

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

async function groupOf(...names: [string, string]) {
  const [owner, member] = [await scene.signUp(names[0]), await scene.signUp(names[1])];
  const workspaceId = await scene.workspaceOf(owner, member);
  const chat = { workspaceId, chatType: 'Group' as const, name: 'a group', memberIds: [member.id] };
  const { id: chatId } = await owner.client.chat.create.mutate(chat);
  return { owner, member, workspaceId, chatId };
}

test('listeners receive a purge, and an earlier event is replayed without content', async () => {
  const { owner, member, workspaceId, chatId } = await groupOf('alice', 'bob');
  const { eventCursor } = await member.client.chat.list.query({});
  for (const content of ['one', 'two', 'three']) await owner.client.message.send.mutate({ chatId, content });
  await using live = await member.listen(eventCursor);
  await owner.client.workspace.setRetention.mutate({ workspaceId, days: 7 });
  await live.seen((event) => event.kind === 'workspace.updated' && event.workspace.retentionDays === 7);
  await scene.database.query(
    `update messages set created_at = now() - interval '8 days' where chat_id = $1 and number <= 2`,
    [chatId],
  );
  const worker = openDatabase(accessOf(scene.database, 'worker'));
  await purgeExpired({ ...scene.serverDeps, db: worker }, AbortSignal.timeout(60_000));
  await worker.close();
  expect(await live.seen(({ kind }) => kind === 'chat.purged')).toMatchObject({ chatId, seq: 5, throughNumber: 2 });

  await using late = await member.listen(eventCursor);
  await late.seen(({ kind }) => kind === 'chat.purged');
  const received = late.events.filter((event) => event.kind === 'message.created');
  expect(received).toMatchObject([
    { seq: 2, message: { number: 1, content: '', version: 5, deletedAt: expect.any(Date) } },
    { seq: 3, message: { number: 2, content: '', version: 5, deletedAt: expect.any(Date) } },
    { seq: 4, message: { number: 3, content: 'three', deletedAt: null } },
  ]);
});

test('listeners receive an erasure, and an earlier event is replayed without text and name', async () => {
  const { owner, member, chatId } = await groupOf('carol', 'dave');
  const { eventCursor } = await owner.client.chat.list.query({});
  for (const content of ['one', 'two']) await member.client.message.send.mutate({ chatId, content });
  await using live = await owner.listen(eventCursor);
  await live.seen((event) => event.kind === 'message.created' && event.message.content === 'two');
  await member.client.user.erase.mutate({ password: PASSWORD, confirmation: 'erase' });
  await live.seen((event) => event.kind === 'message.deleted' && event.seq === 6);
  // On a busy machine rows of the stage are numbered after the cursor was read, and come first.
  const kinds = live.events.map(({ kind }) => kind).filter((kind) => kind !== 'ready');
  expect(kinds.slice(kinds.lastIndexOf('message.created') + 1)).toEqual([
    'user.updated',
    'member.left',
    'workspace.memberLeft',
    'message.deleted',
    'message.deleted',
  ]);

  await using late = await owner.listen(eventCursor);
  await late.seen((event) => event.kind === 'message.deleted' && event.seq === 6);
  expect(JSON.stringify(late.events)).not.toMatch(/dave|one|two/);
});
