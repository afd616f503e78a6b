import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { testServer } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, carol, workspace } = await app.workspaceOf('alice', 'bob', 'carol');
type Person = typeof alice;

const stage = async (chatType: 'Group' | 'PublicChannel' = 'Group', ...members: Person[]) => {
  const memberIds = (members.length > 0 ? members : [bob, carol]).map(({ id }) => id);
  const input = { workspaceId: workspace.id, chatType, name: 'a chat', memberIds };
  return (await alice.trpc.chat.create.mutate(input)).id;
};
const send = (who: Person, chatId: string, content: string) => who.trpc.message.send.mutate({ chatId, content });
const at = (...people: { readonly id: string }[]) => people.map(({ id }) => `<@${id}>`).join(' ');
const numbersOf = async (who: Person, chatId: string) => {
  const { mentionNumbers } = await who.trpc.chat.get.query({ chatId });
  const { chats } = await who.trpc.chat.list.query({ workspaceId: workspace.id });
  expect(chats.find(({ id }) => id === chatId)?.mentionNumbers).toEqual(mentionNumbers);
  return mentionNumbers;
};

/** Members without events of their joining. */
async function plant(chatId: string, count: number) {
  const ids = Array.from({ length: count }, () => randomUUID());
  await app.database.query(
    `with p as (insert into users (id, email, full_name, password_hash) select i, i, 'x', '-' from unnest($1::uuid[]) i returning id)
     insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
     select $2, id, 'Member', 1, 1, 0 from p`,
    [ids, chatId],
  );
  const remove = () => app.database.query('delete from chat_members where user_id = any ($1::uuid[])', [ids]);
  return { ids, [Symbol.asyncDispose]: async () => void (await remove()) };
}

test('members are mentioned in order, visible to everyone; other names stay text', async () => {
  const chatId = await stage();
  const stranger = await app.signUp('stranger');
  const content = `${at(carol, stranger, bob, alice, bob)} <@${randomUUID()}>`;
  const sent = await send(alice, chatId, content);
  expect(sent).toMatchObject({ content, mentions: { userIds: [carol.id, bob.id], everyone: false } });
  const [listed] = (await bob.trpc.message.list.query({ chatId })).messages;
  expect(listed).toEqual(sent);
  expect(await numbersOf(bob, chatId)).toEqual([1]);
  expect(await numbersOf(carol, chatId)).toEqual([1]);
  expect(await numbersOf(alice, chatId)).toEqual([]);
  const plain = await send(alice, chatId, `${at(stranger, alice)} <@nobody>`);
  expect(Object.keys(plain)).not.toContain('mentions');
  expect(await brokenRules(app.database)).toEqual({});
});

test('`everyone` is one row, and a mention of each member but the sender', async () => {
  const chatId = await stage();
  const { mentions } = await send(bob, chatId, `<!everyone> ${at(carol)}`);
  expect(mentions).toEqual({ userIds: [carol.id], everyone: true });
  await send(alice, chatId, '<!everyone>');
  expect(await app.database.query('select user_id from mentions where chat_id = $1', [chatId])).toHaveLength(3);
  expect(await numbersOf(carol, chatId)).toEqual([1, 2]);
  expect(await numbersOf(bob, chatId)).toEqual([2]);
  await bob.trpc.chat.markUnread.mutate({
    chatId,
    messageId: (await bob.trpc.message.list.query({ chatId })).messages[1]?.id ?? '',
  });
  expect(await numbersOf(bob, chatId)).toEqual([2]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('an edit adds and removes mentions, of a message that stays read or unread as it was', async () => {
  const chatId = await stage();
  const { id: messageId } = await send(alice, chatId, `hi ${at(bob)}`);
  const edit = (content: string) => alice.trpc.message.edit.mutate({ chatId, messageId, content });
  expect(await edit(`hi ${at(carol)}`)).toMatchObject({ mentions: { userIds: [carol.id], everyone: false } });
  expect([await numbersOf(bob, chatId), await numbersOf(carol, chatId)]).toEqual([[], [1]]);
  await alice.trpc.message.react.mutate({ chatId, messageId, emoji: '👍' });
  const plain = await edit('hi');
  expect(Object.keys(plain)).not.toContain('mentions');
  expect(plain.reactions).toHaveLength(1);
  expect(await bob.trpc.message.get.query({ chatId, messageId })).toMatchObject({
    content: 'hi',
    reactions: [{ count: 1 }],
  });
  await bob.trpc.chat.markRead.mutate({ chatId, number: 1 });
  expect(await edit(`<!everyone> ${at(bob)}`)).toMatchObject({ mentions: { userIds: [bob.id], everyone: true } });
  expect([await numbersOf(bob, chatId), await numbersOf(carol, chatId)]).toEqual([[], [1]]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('a deleted message, or one of an erased sender, mentions no one', async () => {
  const dave = await app.signUp('dave');
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Member' });
  await dave.trpc.workspace.acceptInvite.mutate({ token });
  const chatId = await stage('Group', bob, dave);
  const { id: messageId } = await send(alice, chatId, at(bob));
  await send(dave, chatId, `<!everyone>`);
  await send(alice, chatId, at(bob, dave));
  expect(await numbersOf(bob, chatId)).toEqual([1, 2, 3]);
  await alice.trpc.message.delete.mutate({ chatId, messageId });
  expect(await numbersOf(bob, chatId)).toEqual([2, 3]);
  await dave.trpc.user.erase.mutate({ password: dave.password, confirmation: 'erase' });
  expect(await numbersOf(bob, chatId)).toEqual([3]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('marks have the first 100 mentions after them', async () => {
  const chatId = await stage();
  const ids: string[] = [];
  for (let number = 1; number <= 102; number += 1) ids.push((await send(alice, chatId, at(bob))).id);
  const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
  expect(await numbersOf(bob, chatId)).toEqual(upTo(1, 100));
  expect(await bob.trpc.chat.markRead.mutate({ chatId, number: 1 })).toMatchObject({ mentionNumbers: upTo(2, 101) });
  expect(await bob.trpc.chat.markRead.mutate({ chatId, number: 1 })).toMatchObject({ mentionNumbers: upTo(2, 101) });
  expect(await bob.trpc.chat.markRead.mutate({ chatId, number: 99 })).toMatchObject({
    mentionNumbers: [100, 101, 102],
  });
  expect(await bob.trpc.chat.markUnread.mutate({ chatId, messageId: ids[97] ?? '' })).toMatchObject({
    mentionNumbers: upTo(98, 102),
  });
  await send(bob, chatId, 'read');
  expect(await numbersOf(bob, chatId)).toEqual([]);
});

test('a person who leaves and rejoins has nothing unread', async () => {
  const chatId = await stage();
  await send(alice, chatId, at(bob));
  await bob.trpc.chat.leave.mutate({ chatId });
  await send(alice, chatId, `${at(bob)} <!everyone>`);
  expect(
    await app.database.query('select 1 from mentions where chat_id = $1 and user_id = $2', [chatId, bob.id]),
  ).toHaveLength(1);
  await alice.trpc.chat.addMembers.mutate({ chatId, userIds: [bob.id] });
  expect(await numbersOf(bob, chatId)).toEqual([]);
  await send(alice, chatId, at(bob));
  expect(await numbersOf(bob, chatId)).toEqual([3]);
});

test('repeats and concurrent messages and edits mention as sequential ones would', async () => {
  const chatId = await stage();
  const clientId = randomUUID();
  const twice = { chatId, clientId, content: at(bob) };
  const [first, again] = await Promise.all([1, 2].map(() => alice.trpc.message.send.mutate(twice)));
  expect(again).toEqual(first);
  const messageId = first?.id ?? '';
  await Promise.all([
    ...Array.from({ length: 10 }, (_, n) => send(n % 2 === 0 ? alice : carol, chatId, n % 3 === 0 ? 'plain' : at(bob))),
    ...[at(carol), 'nobody', `${at(bob)} <!everyone>`].map((content) =>
      alice.trpc.message.edit.mutate({ chatId, messageId, content }),
    ),
    bob.trpc.message.react.mutate({ chatId, messageId, emoji: '👍' }),
  ]);
  expect((await numbersOf(bob, chatId)).length).toBeGreaterThanOrEqual(6);
  expect(await brokenRules(app.database)).toEqual({});
});

test('in a chat of more than 100 members everyone is for Admins and Owners, in a public channel those of the workspace too', async () => {
  const chatId = await stage('PublicChannel', bob, carol);
  const isForAll = async (who: Person) => (await send(who, chatId, '<!everyone>')).mentions?.everyone ?? false;
  await using _many = await plant(chatId, 97);
  expect(await isForAll(bob)).toBe(true);
  await using _more = await plant(chatId, 1);
  expect(await isForAll(bob)).toBe(false);
  expect(await isForAll(alice)).toBe(true);
  await alice.trpc.workspace.setRole.mutate({ workspaceId: workspace.id, userId: bob.id, role: 'Admin' });
  expect(await isForAll(bob)).toBe(true);
  await alice.trpc.workspace.setRole.mutate({ workspaceId: workspace.id, userId: bob.id, role: 'Member' });
  await alice.trpc.chat.setRole.mutate({ chatId, userId: bob.id, role: 'Admin' });
  expect(await isForAll(bob)).toBe(true);
  expect(await isForAll(carol)).toBe(false);
  expect(await app.database.query(`select 1 from mentions where chat_id = $1`, [chatId])).toHaveLength(4);
});

test('of more than 50 people the first are mentioned', async () => {
  const chatId = await stage();
  await using planted = await plant(chatId, 60);
  const { ids } = planted;
  const { mentions } = await send(alice, chatId, at(alice, ...ids.map((id) => ({ id })), bob));
  expect(mentions?.userIds).toEqual(ids.slice(0, 50));
  expect(await numbersOf(bob, chatId)).toEqual([]);
});

test('a sender who is removed before the response learns that the message was sent', async () => {
  await using other = await testServer();
  const { alice: sender, bob: named, chat } = await other.chatOf('alice', 'bob');
  // Right behind the mention, in its transaction: as if it were just after it.
  await other.database.query(`
    create function removed() returns trigger language plpgsql security definer as $$ begin
      update chat_members set left_seq = 1000000, left_at = now() where user_id = new.sender_id;
      return null;
    end $$;
    create trigger removed after insert on mentions for each row execute function removed()`);
  const sent = await sender.trpc.message.send.mutate({ chatId: chat.id, content: `hi <@${named.id}>` });
  expect(sent).toMatchObject({ content: `hi <@${named.id}>`, mentions: { userIds: [named.id], everyone: false } });
});
