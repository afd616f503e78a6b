import { expect, test } from 'vitest';
import { testServer } from '../testing/index.ts';
import { repeatedMessage } from './repeated-message.ts';

test('a repeat is checked again, and a message that was deleted meanwhile is to be sent again', async () => {
  await using app = await testServer();
  const { bob, chat } = await app.chatOf('alice', 'bob');
  const message = await bob.trpc.message.send.mutate({ chatId: chat.id, content: 'hi' });
  const again = () => repeatedMessage(app.deps, bob.id, chat.id, message.id);
  expect(await again()).toEqual(message);
  await app.database.query('delete from messages where id = $1', [message.id]);
  await expect(again()).rejects.toMatchObject({ reason: 'busy' });
  await bob.trpc.chat.leave.mutate({ chatId: chat.id });
  await expect(again()).rejects.toMatchObject({ reason: 'chat_not_found' });
});
