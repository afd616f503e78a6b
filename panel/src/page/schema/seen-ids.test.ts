import { expect, test } from 'vitest';
import { SeenIds } from './seen-ids.ts';

const id = (end: number) => `019a0b1c-2d3e-7000-8000-${String(end).padStart(12, '0')}`;

test('an id is offered under the key that inputs have for it, the newest first', () => {
  const seen = new SeenIds();
  seen.noteAnswerOf('auth.signup', { id: id(1), email: 'a@b.example' });
  seen.noteAnswerOf('chat.list', {
    chats: [{ id: id(2), workspaceId: id(3), lastMessage: { id: id(4) } }, { id: id(5) }],
  });
  seen.noteAnswerOf('notification.events', { chatId: id(5), message: { id: id(6), sender: { id: id(7) } } });
  expect(seen.of('userId')).toEqual([id(7), id(1)]);
  expect(seen.of('chatId')).toEqual([id(5), id(2)]);
  expect(seen.of('workspaceId')).toEqual([id(3)]);
  expect(seen.of('messageId')).toEqual([id(6), id(4)]);
  expect(seen.of('inviteId')).toEqual([]);
});
