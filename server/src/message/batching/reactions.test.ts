import { expect, test } from 'vitest';
import { rgiEmoji } from '../../reaction/rgi-emoji.ts';
import { outgoing } from '../../testing/staged-chats.ts';
import { pick, stagedQueue } from '../../testing/staged-queue.ts';

const kinds = rgiEmoji.slice(100, 110);

test('500 reactions at once by 50 people, among messages: each is counted once, in few batches', async () => {
  await using stage = await stagedQueue({ chats: 2, users: 50 });
  const { queue, users, database } = stage;
  const [chatId] = stage.chats;
  const message = outgoing(chatId, users[0]);
  await queue.send(message);
  const batchesBefore = queue.stats.batches;
  const reactions = users.flatMap((userId) =>
    kinds.map((emoji) => queue.react({ chatId, userId, messageId: message.id, emoji, isAdded: true })),
  );
  const sends = Array.from({ length: 40 }, (_, n) => queue.send(outgoing(chatId, pick(users, n), `message ${n}`)));
  expect((await Promise.all(reactions)).map(({ outcome }) => outcome)).toEqual(reactions.map(() => 'changed'));
  expect((await Promise.all(sends)).map(({ outcome }) => outcome)).toEqual(sends.map(() => 'sent'));
  expect(queue.stats.batches - batchesBefore).toBeLessThan(50);
  const [row] = await database.query<{ parts: { reactions: { count: number; userIds: string[] }[] } }>(
    'select parts from messages where id = $1',
    [message.id],
  );
  expect(row?.parts.reactions.map(({ count, userIds }) => [count, new Set(userIds).size])).toEqual(
    kinds.map(() => [50, 10]),
  );
  const seqs = await database.query<{ seq: string }>(
    'select chat_seq as seq from event_log where chat_id = $1 order by id',
    [chatId],
  );
  expect(seqs.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: 541 }, (_, n) => n + 1));
});

test('the eleventh person is listed when one of the first ten removes a reaction', async () => {
  await using stage = await stagedQueue({ chats: 2, users: 14 });
  const { queue, users, database } = stage;
  const [chatId] = stage.chats;
  const message = outgoing(chatId, users[0]);
  await queue.send(message);
  const change = (people: readonly string[], isAdded: boolean) =>
    Promise.all(people.map((userId) => queue.react({ chatId, userId, messageId: message.id, emoji: '👍', isAdded })));
  const named = async () => {
    const [row] = await database.query<{ parts: { reactions: { userIds: string[] }[] } | null }>(
      'select parts from messages where id = $1',
      [message.id],
    );
    return row?.parts?.reactions[0]?.userIds;
  };
  await change(users, true);
  expect(await named()).toEqual(users.slice(0, 10));
  await change(users.slice(2, 5), false);
  expect(await named()).toEqual([...users.slice(0, 2), ...users.slice(5, 13)]);
  await change(users.slice(12), false);
  await change(users.slice(5, 6), false);
  expect(await named()).toEqual([...users.slice(0, 2), ...users.slice(6, 12)]);
  await change(users.slice(3, 4), true);
  expect(await named()).toEqual([...users.slice(0, 2), ...users.slice(6, 12), users[3]]);
  await change(users, false);
  expect(await named()).toBeUndefined();
});

test('several reactions to one message in one batch apply in order, and repeats change nothing', async () => {
  await using stage = await stagedQueue({ chats: 2, users: 2 });
  const { queue, users } = stage;
  const [chatId, elsewhere] = stage.chats;
  const message = outgoing(chatId, users[0]);
  await queue.send(message);
  const change = (isAdded: boolean, inChat = chatId) =>
    queue.react({ chatId: inChat, userId: users[0], messageId: message.id, emoji: '👍', isAdded });
  const results = await Promise.all([
    change(true),
    change(true),
    change(false),
    change(false),
    change(true, elsewhere),
  ]);
  expect(results.map(({ outcome }) => outcome)).toEqual([
    'changed',
    'unchanged',
    'changed',
    'unchanged',
    'message_not_found',
  ]);
});

test('changes of a person are limited per minute', async () => {
  await using stage = await stagedQueue({ chats: 2, users: 2, reactionLimitPerMinute: 3 });
  const { queue, users, database } = stage;
  const [chatId] = stage.chats;
  const message = outgoing(chatId, users[0]);
  await queue.send(message);
  // Counted in the next minute, if this one ends meanwhile.
  await database.query(`insert into reaction_counters select $1, extract(epoch from now()) / 60 + 1, 0`, [users[0]]);
  const react = (emoji: string, userId = users[0]) =>
    queue.react({ chatId, userId, messageId: message.id, emoji, isAdded: true });
  const results = await Promise.all(kinds.slice(0, 5).map((emoji) => react(emoji)));
  expect(results.map(({ outcome, used }) => [outcome, used])).toEqual([
    ['changed', 1],
    ['changed', 2],
    ['changed', 3],
    ['rate_limited', 3],
    ['rate_limited', 3],
  ]);
  expect(await react(kinds[0] ?? '')).toMatchObject({ outcome: 'rate_limited', used: 3 });
  expect(await react(kinds[0] ?? '', users[1])).toMatchObject({ outcome: 'changed', used: 1 });
});
