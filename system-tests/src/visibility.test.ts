import { encodeCursor } from '@fechatter/contract';
import { createMessageCipher, createNotifier, openDatabase } from '@fechatter/drizzle';
import { importStream, type ImportStream } from '@fechatter/importer';
import { suspendUser } from '@fechatter/server';
import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import { type Listener, type Person, world } from './world.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

/** The events that a listener received, without ready and reset: only kinds, in order. */
const kindsOf = ({ events }: Listener) =>
  events.map(({ kind }) => kind).filter((kind) => kind !== 'ready' && kind !== 'reset');
const isReady = (resumed: boolean) => (event: { kind: string; resumed?: boolean }) =>
  event.kind === 'ready' && event.resumed === resumed;
/** The current cursor of this person's stream. */
async function cursorOf(person: Person): Promise<string> {
  return (await person.client.chat.list.query({})).eventCursor;
}
/** Waits until everything committed so far is numbered, which a client calls "now". */
async function numbered(): Promise<void> {
  const person = await scene.signUp('clock');
  await using listener = await person.listen();
  await person.client.user.update.mutate({ fullName: 'tick' });
  await listener.seen(({ kind }) => kind === 'user.updated');
}
async function groupOf(owner: Person, ...members: Person[]) {
  const workspaceId = await scene.workspaceOf(owner, ...members);
  const memberIds = members.map(({ id }) => id);
  const input = { name: 'Group', chatType: 'Group' as const, workspaceId, memberIds };
  const { id: chatId } = await owner.client.chat.create.mutate(input);
  await numbered();
  return { workspaceId, chatId };
}
const send = (person: Person, chatId: string, content: string) =>
  person.client.message.send.mutate({ chatId, content });

test('a person who has left resumes and receives only the leaving row', async () => {
  const [alice, bob] = [await scene.signUp('alice'), await scene.signUp('bob')];
  const { chatId } = await groupOf(alice, bob);
  const since = await cursorOf(bob);
  await send(alice, chatId, 'while bob was in');
  await alice.client.chat.removeMember.mutate({ chatId, userId: bob.id });
  await send(alice, chatId, 'after bob had left');
  await numbered();
  await using listener = await bob.listen(since);
  expect(kindsOf(listener)).toEqual(['member.left']);
  expect(listener.events.at(-1)).toMatchObject({ kind: 'ready', resumed: true });
});

test('a resume over an edit and a deletion shows the present state, at the same seqs', async () => {
  const [alice, bob] = [await scene.signUp('alice'), await scene.signUp('bob')];
  const { chatId } = await groupOf(alice, bob);
  const since = await cursorOf(bob);
  const edited = await send(alice, chatId, 'first thought');
  await alice.client.message.edit.mutate({ chatId, messageId: edited.id, content: 'second thought' });
  const deleted = await send(alice, chatId, 'a mistake');
  await alice.client.message.delete.mutate({ chatId, messageId: deleted.id });
  await numbered();
  await using listener = await bob.listen(since);
  expect(listener.events).toMatchObject([
    { kind: 'message.created', seq: edited.seq, message: { content: 'second thought', version: edited.seq + 1 } },
    { kind: 'message.updated', seq: edited.seq + 1, message: { content: 'second thought' } },
    { kind: 'message.created', seq: deleted.seq, message: { content: '', deletedAt: expect.any(Date) } },
    { kind: 'message.deleted', seq: deleted.seq + 1, messageId: deleted.id },
    { kind: 'ready', resumed: true },
  ]);
});

test('a resume over a reaction and an edit ends with both, each at its own seq', async () => {
  const [alice, bob] = [await scene.signUp('alice'), await scene.signUp('bob')];
  const { chatId } = await groupOf(alice, bob);
  const since = await cursorOf(bob);
  const { id: messageId, seq } = await send(alice, chatId, 'first thought');
  await bob.client.message.react.mutate({ chatId, messageId, emoji: '👍' });
  await alice.client.message.edit.mutate({ chatId, messageId, content: 'second thought' });
  await numbered();
  await using listener = await bob.listen(since);
  const reactions = [{ emoji: '👍', count: 1, userIds: [bob.id] }];
  const message = { content: 'second thought', version: seq + 2, reactions, myReactions: [] };
  const facts = { userId: bob.id, emoji: '👍', isAdded: true };
  expect(listener.events).toMatchObject([
    { kind: 'message.created', seq, message },
    { kind: 'message.reacted', seq: seq + 1, messageId, threadId: null, version: seq + 1, reactions, ...facts },
    { kind: 'message.updated', seq: seq + 2, message },
    { kind: 'ready', resumed: true },
  ]);
});

test('a person who rejoined sees both periods', async () => {
  const [alice, bob] = [await scene.signUp('alice'), await scene.signUp('bob')];
  const { chatId } = await groupOf(alice, bob);
  const since = await cursorOf(bob);
  await send(alice, chatId, 'in the first period');
  await bob.client.chat.leave.mutate({ chatId });
  await send(alice, chatId, 'between');
  await alice.client.chat.addMembers.mutate({ chatId, userIds: [bob.id] });
  await send(alice, chatId, 'in the second period');
  await numbered();
  await using listener = await bob.listen(since);
  expect(kindsOf(listener)).toEqual(['member.left', 'member.joined', 'message.created']);
});

test('a person who was removed from the workspace receives the ends of the periods, live and on resume', async () => {
  const [alice, bob] = [await scene.signUp('alice'), await scene.signUp('bob')];
  const { workspaceId, chatId } = await groupOf(alice, bob);
  const since = await cursorOf(bob);
  await using live = await bob.listen();
  await alice.client.workspace.removeMember.mutate({ workspaceId, userId: bob.id });
  await send(alice, chatId, 'among ourselves');
  await live.seen(({ kind }) => kind === 'workspace.memberLeft');
  await numbered();
  await using resumed = await bob.listen(since);
  expect(kindsOf(resumed)).toEqual(['member.left', 'workspace.memberLeft']);
  expect(kindsOf(live)).toEqual(kindsOf(resumed));
});

test('a public channel that is created, renamed and deleted is seen by someone who is not in it', async () => {
  const [alice, bob] = [await scene.signUp('alice'), await scene.signUp('bob')];
  const workspaceId = await scene.workspaceOf(alice, bob);
  await numbered();
  await using listener = await bob.listen();
  const input = { name: 'plaza', chatType: 'PublicChannel' as const, workspaceId, memberIds: [] };
  const { id: chatId } = await alice.client.chat.create.mutate(input);
  await send(alice, chatId, 'for members');
  await alice.client.chat.update.mutate({ chatId, name: 'agora' });
  await alice.client.chat.delete.mutate({ chatId });
  await listener.seen(({ kind }) => kind === 'chat.deleted');
  expect(kindsOf(listener)).toEqual(['chat.created', 'chat.updated', 'chat.deleted']);
});

test('a deleted chat and a deleted workspace are replayed as the rows that ended them', async () => {
  const [alice, bob] = [await scene.signUp('alice'), await scene.signUp('bob')];
  const { workspaceId, chatId } = await groupOf(alice, bob);
  const since = await cursorOf(bob);
  await send(alice, chatId, 'soon gone');
  await alice.client.chat.delete.mutate({ chatId });
  await numbered();
  const before = await cursorOf(bob);
  await alice.client.workspace.delete.mutate({ workspaceId });
  await numbered();
  await using whole = await bob.listen(since);
  expect(kindsOf(whole)).toEqual(['chat.deleted', 'workspace.deleted']);
  await using rest = await bob.listen(before);
  expect(kindsOf(rest)).toEqual(['workspace.deleted']);
});

test('a person suspended during a stream receives session.revoked and nothing after it', async () => {
  const [alice, bob] = [await scene.signUp('alice'), await scene.signUp('bob')];
  const { chatId } = await groupOf(alice, bob);
  await using listener = await bob.listen();
  await suspendUser(scene.serverDeps, bob.id);
  await send(alice, chatId, 'bob must not hear this');
  await listener.seen(({ kind }) => kind === 'session.revoked');
  await numbered();
  expect(kindsOf(listener).filter((kind) => kind.startsWith('message.'))).toEqual([]);
  // His client may have ended the session already.
  const reason = expect.toSatisfy((is) => is === 'session_revoked' || is === 'not_signed_in');
  await expect(bob.client.user.me.query()).rejects.toMatchObject({ data: { reason } });
});

test('position 0 of a fresh system can be resumed', async () => {
  await using fresh = await world();
  const [row] = await fresh.database.query<{ nonce: number }>('select nonce from log_order where pos = 0');
  const alice = await fresh.signUp('alice');
  await fresh.workspaceOf(alice);
  await using listener = await alice.listen(encodeCursor({ pos: 0, nonce: row?.nonce ?? 0 }));
  await listener.seen(({ kind }) => kind === 'workspace.memberJoined');
  expect(listener.events.some(({ kind }) => kind === 'reset')).toBe(false);
  expect(listener.events.some(isReady(true))).toBe(true);
});

test('after pruning, a client at the end resumes, and a client before it gets a reset', async () => {
  await using old = await world();
  const alice = await old.signUp('alice');
  await using before = await alice.listen();
  const early = before.cursor;
  await old.workspaceOf(alice);
  await before.seen(({ kind }) => kind === 'workspace.memberJoined');
  const late = before.cursor;
  await old.database.query('delete from log_order where pos < (select max(pos) from log_order)');
  await old.database.query('delete from event_log');
  await using atEnd = await alice.listen(late);
  expect(atEnd.events).toMatchObject([{ kind: 'ready', resumed: true }]);
  await using tooLate = await alice.listen(early);
  expect(tooLate.events).toMatchObject([{ kind: 'reset' }, { kind: 'ready', resumed: false }]);
});

test('a person who follows throughout an import receives one event a chat, and misses none', async () => {
  const [alice, bob] = [await scene.signUp('alice'), await scene.signUp('bob')];
  await scene.database.query('update users set email_verified_at = now() where id = $1', [bob.id]);
  const { workspaceId, chatId } = await groupOf(alice, bob);
  const stop = new AbortController();
  const stream = bob.client.events({ since: await cursorOf(bob), signal: stop.signal });
  const kinds: string[] = [];
  const following = (async () => {
    for await (const event of stream) kinds.push('chatId' in event ? `${event.kind} ${event.chatId}` : event.kind);
  })();
  async function* history(): ImportStream {
    yield { type: 'person', key: 'b', name: 'bob', email: bob.email };
    for (const chat of ['one', 'two', 'three']) {
      const chatType = chat === 'one' ? 'PublicChannel' : 'PrivateChannel';
      yield { type: 'chat', key: chat, name: chat, chatType, members: [{ person: 'b' }] };
      for (let n = 0; n < 1_200; n++) {
        const sender = n % 2 === 0 ? 'b' : 'somebody';
        yield { type: 'message', chat, key: `${n}`, atUs: 1_600_000_000_000_000 + n, sender, text: [`${chat} ${n}`] };
      }
    }
  }
  const db = openDatabase({ ...scene.database, statementTimeoutMs: 0 });
  const ring = scene.serverDeps.config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }));
  await importStream(history(), {
    db,
    notifier: createNotifier(db.pool),
    cipher: createMessageCipher(ring),
    workspaceId,
    source: 'test',
    onProgress: ({ step }) => void (step === 'writing' && send(alice, chatId, 'meanwhile').catch(() => {})),
  });
  await db.close();
  const { chats } = await bob.client.chat.list.query({ workspaceId });
  const imported = chats.filter(({ id }) => id !== chatId);
  expect(imported.map(({ lastNumber, unreadCount }) => [lastNumber, unreadCount])).toEqual([
    [1_200, 0],
    [1_200, 0],
    [1_200, 0],
  ]);
  for (const { id } of imported) await send(bob, id, 'another message');
  const last = `message.created ${imported.at(-1)?.id}`;
  await until(() => kinds.includes(last), 'the last message');
  for (const { id } of imported) {
    const own = kinds.filter((kind) => kind.endsWith(id));
    expect(own.filter((kind) => !kind.startsWith('chat.read'))).toEqual([
      `chat.created ${id}`,
      `message.created ${id}`,
    ]);
  }
  expect(kinds).not.toContain('reset');
  expect(stream.counts).toMatchObject({ gap: 0, duplicate: 0 });
  stop.abort();
  await following.catch(() => {});
});
