import { limits } from '@fechatter/contract';
import { afterAll, expect, test } from 'vitest';
import { download, type Person, refusal, testServer, uploaded } from '../testing/index.ts';
import { brokenRules } from '../testing/invariants.ts';

const app = await testServer();
const { alice, bob, chat } = await app.chatOf('alice', 'bob');
const { id: chatId, workspaceId } = chat;
const stranger = await app.signUp('mallory');
afterAll(() => app[Symbol.asyncDispose]());

/** A picture that a worker has finished; here it does no work. */
async function picture(person = alice, of = workspaceId): Promise<string> {
  const { id } = await uploaded(app, person, { workspaceId: of, bytes: new Uint8Array([1, 2, 3]), name: 'parrot.png' });
  await app.database.query("update files set width = 1, height = 1, mime = 'image/webp' where id = $1", [id]);
  return id;
}
const create = (name: string, fileId: string, { trpc }: Person = alice) =>
  trpc.emoji.create.mutate({ workspaceId, name, fileId });
const remove = (name: string, { trpc }: Person = alice) => trpc.emoji.delete.mutate({ workspaceId, name });
const list = async ({ trpc }: Person = alice) => (await trpc.emoji.list.query({ workspaceId })).emoji;
const stateOf = async (fileId: string) =>
  (await app.database.query<{ state: string }>('select state from files where id = $1', [fileId]))[0]?.state;
const send = () => alice.trpc.message.send.mutate({ chatId, content: 'so :parrot:' });

test('everyone in the workspace sees an emoji, and can react with it', async () => {
  const fileId = await picture();
  expect((await download(app, bob, fileId)).status).toBe(404);
  const emoji = await create('parrot', fileId);
  expect(emoji).toEqual({ name: 'parrot', fileId, createdBy: alice.id, createdAt: expect.any(Date) as Date });
  expect(await create('parrot', fileId)).toEqual(emoji);
  expect(await list(bob)).toEqual([emoji]);
  const shown = await download(app, bob, fileId);
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp']);
  expect((await download(app, stranger, fileId)).status).toBe(404);
  const { ticket } = await bob.trpc.file.ticket.mutate();
  expect((await fetch(`${app.url}/f/${fileId}?ticket=${ticket}`)).status).toBe(200);
  const { id: messageId } = await send();
  const ref = { chatId, messageId, emoji: ':parrot:' };
  expect((await bob.trpc.message.react.mutate(ref)).reactions).toEqual([{ emoji: ':parrot:', count: 1, userIds: [bob.id] }]);
  expect((await alice.trpc.message.reactors.query(ref)).users).toMatchObject([{ id: bob.id }]);
  // A claimed picture is no upload any more.
  expect(await refusal(alice.trpc.file.cancel.mutate({ fileId }))).toMatchObject({ reason: 'file_not_found' });
  expect(await refusal(alice.trpc.message.send.mutate({ chatId, content: '', fileIds: [fileId] }))).toMatchObject({
    reason: 'file_not_found',
  });

  await remove('parrot');
  expect(await list()).toEqual([]);
  expect(await stateOf(fileId)).toBe('Gone');
  expect((await download(app, bob, fileId)).status).toBe(404);
  const [message] = (await bob.trpc.message.list.query({ chatId })).messages;
  expect(message).toMatchObject({ content: 'so :parrot:', reactions: [{ emoji: ':parrot:' }], myReactions: [':parrot:'] });
  expect(await refusal(alice.trpc.message.react.mutate(ref))).toMatchObject({ reason: 'not_an_emoji' });
  expect((await bob.trpc.message.unreact.mutate(ref)).reactions ?? []).toEqual([]);
  const events = (await app.events()).filter(({ kind }) => kind === 'emoji.updated');
  expect(events.map(({ facts }) => facts)).toEqual([{ name: 'parrot', fileId }, { name: 'parrot', fileId: null }]);
  const { entries } = await alice.trpc.workspace.auditLog.query({ workspaceId });
  expect(entries.slice(0, 2)).toMatchObject([
    { action: 'emoji.deleted', actorId: alice.id, details: { fileIds: [fileId] } },
    { action: 'emoji.created', actorId: alice.id, details: { fileIds: [fileId] } },
  ]);
  expect(await brokenRules(app.database)).toEqual({});
}); // biome-ignore format: a story

test('an emoji of another workspace is none', async () => {
  const other = await stranger.trpc.workspace.create.mutate({ name: 'other' });
  const theirs = await picture(stranger, other.id);
  await stranger.trpc.emoji.create.mutate({ workspaceId: other.id, name: 'theirs', fileId: theirs });
  const { id: messageId } = await send();
  expect(await refusal(alice.trpc.message.react.mutate({ chatId, messageId, emoji: ':theirs:' }))).toMatchObject({
    reason: 'not_an_emoji',
  });
  expect(await refusal(stranger.trpc.emoji.list.query({ workspaceId }))).toMatchObject({
    reason: 'workspace_not_found',
  });
  expect(await refusal(create('theirs', theirs))).toMatchObject({ reason: 'file_not_found' });
  await stranger.trpc.workspace.delete.mutate({ workspaceId: other.id });
  expect(await stateOf(theirs)).toBe('Gone');
  expect(await app.database.query("select from emoji where name = 'theirs'")).toEqual([]);
});

test('what becomes no emoji', async () => {
  const fileId = await picture();
  const reasonOf = async (call: Promise<unknown>) => (await refusal(call))?.reason;
  const begin = (size: number, person = alice, more: object = {}) =>
    person.trpc.file.begin.mutate({ workspaceId, name: 'x', size, ...more });
  expect(await reasonOf(begin(limits.emojiMaxBytes + 1))).toBe('file_too_large');
  expect(await reasonOf(begin(1, bob))).toBe('role_too_low');
  expect(await reasonOf(begin(1, stranger))).toBe('workspace_not_found');
  expect(await reasonOf(begin(1, alice, { chatId }))).toBe('invalid_input');
  expect(await reasonOf(alice.trpc.file.begin.mutate({ name: 'x', size: 1 }))).toBe('invalid_input');
  expect(await reasonOf(create('dodo', fileId, bob))).toBe('role_too_low');
  for (const name of ['x', 'Dodo', 'do do', 'dödo', ':dodo:', '../dodo', 'x'.repeat(33), ''])
    expect(await reasonOf(create(name, fileId))).toBe('invalid_input');
  const unfinished = await begin(1);
  expect(await reasonOf(create('dodo', unfinished.fileId))).toBe('file_not_ready');
  const text = await uploaded(app, alice, { workspaceId, bytes: Buffer.from('no picture') });
  expect(await reasonOf(create('dodo', text.id))).toBe('not_a_picture');
  const inChat = await uploaded(app, alice, { chatId, bytes: new Uint8Array([1]) });
  await app.database.query('update files set width = 1, height = 1 where id = $1', [inChat.id]);
  expect(await reasonOf(create('dodo', inChat.id))).toBe('file_not_found');
  await create('dodo', fileId);
  expect(await reasonOf(create('moa', fileId))).toBe('file_not_found');
  const other = await picture();
  expect(await reasonOf(create('dodo', other))).toBe('emoji_taken');
  expect(await reasonOf(remove('moa'))).toBe('emoji_not_found');
  expect(await reasonOf(remove('dodo', bob))).toBe('role_too_low');
  await app.database.query('update files set expires_at = clock_timestamp() where id = $1', [other]);
  expect(await reasonOf(create('moa', other))).toBe('file_not_found');
});

test('of calls at the same time one gets the name, and one the last place', async () => {
  const pictures = await Promise.all(Array.from({ length: 4 }, () => picture()));
  const named = await Promise.allSettled(pictures.map((fileId) => create('kea', fileId)));
  expect(named.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await app.database.query(
    `insert into emoji (workspace_id, name, file_id, created_by)
     select $1, 'e' || n, gen_random_uuid(), $2 from generate_series(10, 9 + $3 - (select count(*) from emoji where workspace_id = $1) - 1) n`,
    [workspaceId, alice.id, limits.emojiMax],
  );
  const { length } = await list();
  expect(length).toBe(limits.emojiMax - 1);
  const left = await Promise.all(Array.from({ length: 3 }, () => picture()));
  const placed = await Promise.allSettled(left.map((fileId, n) => create(`last_${n}`, fileId)));
  expect(placed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await list()).toHaveLength(limits.emojiMax);
});
