import { testServer } from '@fechatter/server/testing';
import { brokenRules } from '@fechatter/server/invariants';
import { indexing, purgeExpired, wipeDeletedChats, wipeErased, workerDeps } from '@fechatter/worker/testing';
import { afterAll, expect, test } from 'vitest';
import type { ImportItem } from '../stream.ts';
import { importing, second } from '../testing/imported.ts';

const app = await testServer();
const imports = importing(app);
const index = indexing(app);
const worker = workerDeps(app);
afterAll(async () => {
  await Promise.all([imports[Symbol.asyncDispose](), index.db.close(), worker.db.close()]);
  await app[Symbol.asyncDispose]();
});

const channel = (texts: readonly string[]): ImportItem[] => [
  { type: 'chat', key: 'c', name: 'c', chatType: 'PublicChannel', members: [] },
  ...texts.map(
    (text, n): ImportItem => ({ type: 'message', chat: 'c', key: `m${n}`, atUs: second(n), sender: 'x', text: [text] }),
  ),
];

test('search finds what was imported, and paging through a chat ends', async () => {
  const { alice, chat, workspace } = await app.chatOf('alice');
  const workspaceId = workspace.id;
  await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'zebra of today' });
  await index.index();
  await imports.into(workspaceId, channel(Array.from({ length: 450 }, (_, n) => `zebra ${n}`)));
  const { channels } = await alice.trpc.workspace.channels.query({ workspaceId });
  const chatIds = channels.map(({ id }) => id);
  const found = async (query: string) => {
    const { hits } = await alice.trpc.message.search.query({ workspaceId, query, chatIds, limit: 100 });
    return hits.map(({ message }) => message.content);
  };
  expect(await found('zebra')).toEqual([]);
  await index.index();
  expect(await found('zebra 449')).toEqual(['zebra 449']);
  expect(await found('zebra 0')).toEqual(['zebra 0']);
  expect((await found('zebra after:2020-02-03')).length).toBe(100);
  expect(await found('zebra after:2020-02-04')).toEqual([]);
  expect(await app.database.query('select from search_walks')).toEqual([]);
});

test('retention counts the age of imported messages from their import', async () => {
  const { hugo, workspace } = await app.workspaceOf('hugo');
  const workspaceId = workspace.id;
  await hugo.trpc.workspace.setRetention.mutate({ workspaceId, days: 30 });
  await imports.into(workspaceId, channel(['old', 'less old']));
  const bodies = () =>
    app.database.query(
      'select from messages m join chats c on c.id = m.chat_id where c.workspace_id = $1 and m.body is not null',
      [workspaceId],
    );
  const purge = () => purgeExpired(worker, AbortSignal.timeout(60_000));
  await purge();
  expect(await bodies()).toHaveLength(2);
  await app.database.query("update chats set imported_at = now() - interval '31 days' where workspace_id = $1", [
    workspaceId,
  ]);
  await purge();
  expect(await bodies()).toHaveLength(0);
});

/** Ends an import once something of it was written. */
const stopping = { onProgress: ({ step }: { step: string }) => step === 'writing' && stopped() };
const stopped = (): never => {
  throw new Error('stopped');
};
const until60s = () => AbortSignal.timeout(60_000);
const bodiesOf = (workspaceId: string) =>
  app.database.query(
    `select u.full_name as name, m.body is not null as has_body from messages m join chat_heads h on h.chat_id = m.chat_id
     join users u on u.id = m.sender_id where h.workspace_id = $1 order by m.seq`,
    [workspaceId],
  );

test('who is erased during an import stays erased, and the import goes on', async () => {
  const { judy, kate, workspace } = await app.workspaceOf('judy', 'kate');
  const workspaceId = workspace.id;
  await app.database.query('update users set email_verified_at = now() where id = any ($1::uuid[])', [
    [judy.id, kate.id],
  ]);
  const members = ['judy', 'kate'];
  const items: ImportItem[] = [
    ...members.map((name): ImportItem => ({ type: 'person', key: name, name, email: `${name}@example.com` })),
    { type: 'chat', key: 'c', name: 'c', chatType: 'Group', members: members.map((person) => ({ person })) },
    // More than one batch.
    ...Array.from(
      { length: 1_500 },
      (_, n): ImportItem => ({
        type: 'message',
        chat: 'c',
        key: `m${n}`,
        atUs: second(n),
        sender: n % 2 === 0 ? 'judy' : 'kate',
        text: [`${n}`],
        reactions: n % 100 === 0 ? [{ emoji: '👍', people: ['kate', 'judy'] }] : [],
      }),
    ),
  ];
  await expect(imports.into(workspaceId, items, stopping)).rejects.toThrow('stopped');
  await kate.trpc.user.erase.mutate({ password: kate.password, confirmation: 'erase' });
  await wipeErased(worker, until60s());
  expect((await bodiesOf(workspaceId)).filter(({ name }) => name === '')).not.toContainEqual({
    name: '',
    has_body: true,
  });
  await imports.into(workspaceId, items);
  await wipeErased(worker, until60s());
  const bodies = await bodiesOf(workspaceId);
  expect(bodies).toHaveLength(1_500);
  expect(bodies.filter((row) => row.has_body)).toHaveLength(750);
  expect(bodies).not.toContainEqual({ name: '', has_body: true });
  expect(await app.database.query('select from reactions where user_id = $1', [kate.id])).toEqual([]);
  const { chats } = await judy.trpc.chat.list.query({ workspaceId });
  expect(chats).toMatchObject([{ name: 'c', lastNumber: 1_500, unreadCount: 0 }]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('the unfinished import of a workspace that is deleted is wiped, and ends', async () => {
  const { ivan, workspace } = await app.workspaceOf('ivan');
  const workspaceId = workspace.id;
  await expect(imports.into(workspaceId, channel(['secret', 'more']), stopping)).rejects.toThrow('stopped');
  expect(await bodiesOf(workspaceId)).toHaveLength(2);
  await ivan.trpc.workspace.delete.mutate({ workspaceId });
  await expect(imports.into(workspaceId, channel(['secret', 'more']))).rejects.toThrow('the workspace was deleted');
  await wipeDeletedChats(worker, until60s());
  expect(await bodiesOf(workspaceId)).toMatchObject([{ has_body: false }, { has_body: false }]);
  const unfinished = 'select from import_map where workspace_id = $1 and finished_at is null and kind = $2';
  expect(await app.database.query(unfinished, [workspaceId, 'Chat'])).toEqual([]);
});
