import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());

test('readers are the people who have read up to a message or further, by a mark or by sending, except its sender', async () => {
  const { ann, ben, cy, dee, chat } = await app.chatOf('ann', 'ben', 'cy', 'dee');
  const chatId = chat.id;
  const send = (who: typeof ann, content: string) => who.trpc.message.send.mutate({ chatId, content });
  const first = await send(ann, 'one');
  const second = await send(ann, 'two');
  await ben.trpc.chat.markRead.mutate({ chatId, seq: first.seq });
  const third = await send(cy, 'three');
  const readersOf = async (messageId: string) =>
    (await dee.trpc.message.readers.query({ chatId, messageId })).users.map(({ name }) => name).sort();
  expect(await readersOf(first.id)).toEqual(['ben', 'cy']);
  expect(await readersOf(second.id)).toEqual(['cy']);
  expect(await readersOf(third.id)).toEqual([]);
  // A receipt never moves back, and people who have left are not shown any more.
  await ben.trpc.chat.markRead.mutate({ chatId, seq: 1 });
  await cy.trpc.chat.leave.mutate({ chatId });
  expect(await readersOf(first.id)).toEqual(['ben']);
  await ann.trpc.message.delete.mutate({ chatId, messageId: second.id });
  const ask = (messageId: string) => refusal(dee.trpc.message.readers.query({ chatId, messageId }));
  expect(await ask(second.id)).toMatchObject({ reason: 'message_not_found' });
  expect(await ask(randomUUID())).toMatchObject({ reason: 'message_not_found' });
});

test('with more than 50 members no readers are returned', async () => {
  const { eve, fay, chat } = await app.chatOf('eve', 'fay');
  const { id: messageId } = await eve.trpc.message.send.mutate({ chatId: chat.id, content: 'hi' });
  const fill = (count: number) =>
    app.database.query(
      `with p as (insert into users (id, email, full_name, password_hash)
         select i, i, 'x', '-' from unnest($1::uuid[]) i returning id)
       insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
       select $2, id, 'Member', 1, 2, 1 from p`,
      [Array.from({ length: count }, () => randomUUID()), chat.id],
    );
  const ask = () => fay.trpc.message.readers.query({ chatId: chat.id, messageId });
  await fill(48);
  expect((await ask()).users).toHaveLength(48);
  await fill(1);
  expect(await refusal(ask())).toMatchObject({ code: 'FORBIDDEN', reason: 'receipts_off' });
});
