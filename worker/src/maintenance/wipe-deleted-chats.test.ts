import { testServer } from '@fechatter/server/testing';
import { workerDeps } from '../testing/worker-deps.ts';
import { afterAll, expect, test } from 'vitest';
import { wipeDeletedChats } from './wipe-deleted-chats.ts';

const app = await testServer();
const deps = workerDeps(app);
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});
const { alice, workspace } = await app.workspaceOf('alice');
const make = (workspaceId = workspace.id) =>
  alice.trpc.chat.create.mutate({ workspaceId, chatType: 'Group', name: 'a chat', memberIds: [] });
const wipe = (signal = AbortSignal.timeout(60_000)) => wipeDeletedChats(deps, signal);
const bodiesOf = async (chatId: string) =>
  (await app.database.query('select 1 from messages where chat_id = $1 and body is not null', [chatId])).length;

test('content of deleted chats is wiped in batches that can stop and continue; other content is kept', async () => {
  const own = await alice.trpc.workspace.create.mutate({ name: 'soon gone' });
  const [gone, ofGone, kept] = [await make(), await make(own.id), await make()];
  const copies = `insert into messages (id, chat_id, seq, number, version, sender_id, client_id, body, mac)
    select gen_random_uuid(), m.chat_id, m.seq + n, m.number + n, m.version + n, m.sender_id, gen_random_uuid(), m.body, m.mac
    from messages m, generate_series(1, 1200) n where m.chat_id = $1`;
  for (const { id: chatId } of [gone, ofGone, kept]) {
    await alice.trpc.message.send.mutate({ chatId, content: 'text' });
    await app.database.query(copies, [chatId]);
  }
  await alice.trpc.chat.delete.mutate({ chatId: gone.id });
  await alice.trpc.workspace.delete.mutate({ workspaceId: own.id });

  await wipe(AbortSignal.abort());
  expect(await bodiesOf(gone.id)).toBe(1201);
  await Promise.all([wipe(), wipe()]);
  expect(await bodiesOf(gone.id)).toBe(0);
  expect(await bodiesOf(ofGone.id)).toBe(0);
  expect(await bodiesOf(kept.id)).toBe(1201);
  const rows = await app.database.query('select id from messages where chat_id = $1 and deleted_at is null', [gone.id]);
  expect(rows).toEqual([]);
  const names = await app.database.query('select distinct name from chats where id = any ($1)', [[gone.id, ofGone.id]]);
  expect(names).toEqual([{ name: '' }]);
});
