import { limits } from '@fechatter/contract';
import { brokenRules } from '@fechatter/server/invariants';
import { download, someBytes, testServer } from '@fechatter/server/testing';
import { photo } from '@fechatter/worker/testing';
import { afterAll, expect, test } from 'vitest';
import type { ImportedEmoji, ImportItem } from '../stream.ts';
import { importing, second } from '../testing/imported.ts';

const app = await testServer();
const imports = importing(app);
afterAll(async () => {
  await imports[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const emoji = (key: string, bytes?: Uint8Array): ImportedEmoji => ({
  type: 'emoji',
  key,
  createdAtUs: second(0),
  picture: bytes && {
    open: async () =>
      (async function* () {
        yield await Promise.resolve(bytes);
      })(),
  },
});

test('custom emoji come by the rules of those that people create, with the texts and reactions that have them', async () => {
  const { alice, workspace } = await app.workspaceOf('alice');
  const workspaceId = workspace.id;
  const picture = await photo(1);
  const items: ImportItem[] = [
    emoji('Party-Parrot', picture),
    emoji('party_parrot', picture),
    emoji('x', picture),
    emoji('nothing'),
    emoji('noise', someBytes(100)),
    emoji('large', new Uint8Array(limits.emojiMaxBytes + 1)),
    { type: 'chat', key: 'c', name: 'c', chatType: 'PublicChannel', members: [] },
    {
      type: 'message',
      chat: 'c',
      key: 'm',
      atUs: second(1),
      sender: 'bob',
      text: ['so :Party-Parrot: at 10:20:30 :other-one:'],
      reactions: [
        { emoji: ':Party-Parrot:', people: ['bob'] },
        { emoji: ':nothing:', people: ['bob'] },
      ],
    },
  ];
  const reasons = [
    'a custom emoji that has the name of another here is left out',
    'a custom emoji whose name is not possible here is left out',
    'the picture of a custom emoji cannot be read',
    'the picture of a custom emoji does not come',
    'the picture of a custom emoji is too large',
  ];
  const dry = await imports.into(workspaceId, items, { isDryRun: true });
  expect([dry.emoji, dry.problems.map(({ reason }) => reason).sort()]).toEqual([1, reasons]);
  expect((await alice.trpc.emoji.list.query({ workspaceId })).emoji).toEqual([]);

  const report = await imports.into(workspaceId, items);
  expect([report.emoji, report.problems.map(({ reason }) => reason).sort()]).toEqual([1, reasons]);
  const { emoji: listed } = await alice.trpc.emoji.list.query({ workspaceId });
  const createdAt = new Date(second(0) / 1_000);
  expect(listed).toMatchObject([{ name: 'party_parrot', createdBy: alice.id, createdAt }]);
  const shown = await download(app, alice, listed[0]?.fileId ?? '');
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp']);
  const { channels } = await alice.trpc.workspace.channels.query({ workspaceId });
  const { messages } = await alice.trpc.message.list.query({ chatId: channels[0]?.id ?? '' });
  expect(messages).toMatchObject([
    {
      content: 'so :party_parrot: at 10:20:30 :other-one:',
      reactions: [{ emoji: ':party_parrot:' }, { emoji: ':nothing:' }],
    },
  ]);
  expect((await app.events()).filter(({ kind }) => kind === 'emoji.updated')).toHaveLength(1);

  const again = await imports.into(workspaceId, items);
  expect(again.emoji).toBe(0);
  expect(await alice.trpc.emoji.list.query({ workspaceId })).toEqual({ emoji: listed });
  expect(await brokenRules(app.database)).toEqual({});
});

test('a custom emoji that an Admin deleted does not come again, but another source may bring its own', async () => {
  const { bob, workspace } = await app.workspaceOf('bob');
  const workspaceId = workspace.id;
  const items = [emoji('parrot', await photo(1))];
  const names = async () => (await bob.trpc.emoji.list.query({ workspaceId })).emoji.map(({ name }) => name);
  await imports.into(workspaceId, items);
  expect(await names()).toEqual(['parrot']);
  await bob.trpc.emoji.delete.mutate({ workspaceId, name: 'parrot' });
  const again = await imports.into(workspaceId, items);
  expect(await names()).toEqual([]);
  expect([again.emoji, again.problems]).toMatchObject([
    0,
    [{ reason: 'a custom emoji that came before and was deleted here stays deleted', examples: ['parrot'] }],
  ]);
  expect(await imports.into(workspaceId, items, { source: 'another' })).toMatchObject({ emoji: 1 });
  expect(await names()).toEqual(['parrot']);
});
