import { brokenRules } from '@fechatter/server/invariants';
import { testServer } from '@fechatter/server/testing';
import { afterAll, expect, test } from 'vitest';
import type { ImportItem } from '../stream.ts';
import { importing, message, person, prove } from '../testing/imported.ts';

const app = await testServer();
const imports = importing(app);
afterAll(async () => {
  await imports[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

test('an import that was interrupted at any point continues to the same result, and no member sees a part of it', async () => {
  const { frank, workspace } = await app.workspaceOf('frank');
  const workspaceId = workspace.id;
  await prove(app, 'frank');
  const items: ImportItem[] = [
    person('frank'),
    { type: 'chat', key: 'c', name: 'c', chatType: 'PublicChannel', members: [{ person: 'frank' }] },
    ...Array.from({ length: 2_500 }, (_, n) =>
      message(n, n % 2 === 0 ? 'frank' : 'gina', `text ${n}`, {
        ...(n % 10 === 5 && { thread: `m${n - 5}` }),
        ...(n % 7 === 0 && { reactions: [{ emoji: '👍', people: ['gina', 'frank'] }] }),
      }),
    ),
  ];
  const stopped = new AbortController();
  const stop = imports.into(workspaceId, items, {
    signal: stopped.signal,
    onProgress: ({ step }) => step === 'writing' && stopped.abort(new Error('stopped')),
  });
  await expect(stop).rejects.toThrow('stopped');
  expect((await frank.trpc.chat.list.query({ workspaceId })).chats).toEqual([]);
  expect((await frank.trpc.workspace.channels.query({ workspaceId })).channels).toEqual([]);
  await expect(
    imports.into(workspaceId, [...items.slice(0, 2), message(0, 'gina', 'x', { key: 'y' })]),
  ).rejects.toThrow('begun with another input');
  // The messages of a person in it were erased: the next ones would be skipped.
  const move = (by: number) =>
    app.database.query('update chat_heads set last_seq = last_seq + $2 where workspace_id = $1', [workspaceId, by]);
  await move(1);
  await expect(imports.into(workspaceId, items)).rejects.toThrow('cannot go on');
  await move(-1);
  const kept = () =>
    app.database.query(
      `select (select count(*)::int from messages m where m.chat_id = h.chat_id) as messages from chat_heads h where workspace_id = $1`,
      [workspaceId],
    );
  expect(await kept()).toEqual([{ messages: expect.any(Number) }]);
  const peopleless = items.slice(0, 1);
  const discarding = { discardsUnfinished: true };
  expect(await imports.into(workspaceId, peopleless, { ...discarding, source: 'other' })).toMatchObject({
    discardedChats: 0,
  });
  expect(await imports.into(workspaceId, peopleless, discarding)).toMatchObject({ discardedChats: 1 });
  expect(await kept()).toEqual([]);
  const parts = await app.database.query(`
    select from reactions r where not exists (select from messages m where m.id = r.message_id)
    union all select from threads t where not exists (select from messages m where m.id = t.root_id)`);
  expect(parts).toEqual([]);
  await expect(
    imports.into(workspaceId, items, {
      onProgress: ({ step }) => {
        if (step === 'writing') throw new Error('stopped');
      },
    }),
  ).rejects.toThrow('stopped');
  expect(await imports.into(workspaceId, items)).toMatchObject({ chats: 1, messages: 2_500 });
  const { chats } = await frank.trpc.chat.list.query({ workspaceId });
  expect(chats).toMatchObject([{ lastNumber: 2_250, unreadCount: 0 }]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('a chat whose head was moved before its first message is not continued', async () => {
  const { workspace } = await app.workspaceOf('rosa');
  const items: ImportItem[] = [
    person('rosa'),
    { type: 'chat', key: 'c', name: 'c', chatType: 'PublicChannel', members: [] },
    ...[1, 2, 3].map((n) => message(n, 'rosa', `${n}`)),
  ];
  const stopped = new AbortController();
  const onProgress = ({ step }: { step: string }) => step === 'sorting' && stopped.abort(new Error('stopped'));
  await expect(imports.into(workspace.id, items, { signal: stopped.signal, onProgress })).rejects.toThrow('stopped');
  await app.database.query(
    'delete from messages where chat_id in (select id from import_map where workspace_id = $1)',
    [workspace.id],
  );
  await expect(imports.into(workspace.id, items)).rejects.toThrow('begun with another input');
});
