import type { Message } from '@fechatter/client';
import { expect, test } from 'vitest';
import { editDraft } from './draft-names.ts';
import { isGoneEdit } from './gone-edit.ts';

type Shown = Pick<Message, 'id' | 'number' | 'deletedAt'>;

const history = (...messages: Shown[]) => ({
  entries: messages.map((message) => ({
    key: message.id,
    state: 'sent' as const,
    content: '',
    createdAt: new Date(0),
    message: message as Message,
  })),
  isLoaded: true,
  hasOlder: false,
  hasNewer: false,
});
const shown = (id: string, number: number): Shown => ({ id, number, deletedAt: null });
const inChat = editDraft({ chatId: 'c', threadId: null, number: 2, id: 'm2' });
const inThread = editDraft({ chatId: 'c', threadId: 'm1', number: 1, id: 'r1' });

test('an edit of a message that is not between the others any more is of a deleted one', () => {
  expect(isGoneEdit(inChat, undefined, history(shown('m1', 1), shown('m3', 3)))).toBe(true);
  expect(isGoneEdit(inChat, undefined, history(shown('m1', 1), shown('m2', 2)))).toBe(false);
  expect(isGoneEdit(inChat, undefined, { ...history(shown('m3', 3)), hasOlder: true })).toBe(false);
});

test('an edit of a reply is not of a deleted message of the chat, and the reverse', () => {
  expect(isGoneEdit(inThread, undefined, history(shown('m1', 1)))).toBe(false);
  expect(isGoneEdit(inThread, 'm1', history(shown('r1', 1)))).toBe(false);
  expect(isGoneEdit(inThread, 'm1', history())).toBe(true);
  expect(isGoneEdit(inThread, 'm2', history())).toBe(false);
  expect(isGoneEdit(inChat, 'm1', history(shown('r1', 1)))).toBe(false);
});

test('an edit of a message that was deleted and stays in the list, because it has replies, is not lost', () => {
  expect(isGoneEdit(inChat, undefined, history({ id: 'm2', number: 2, deletedAt: new Date(0) }))).toBe(true);
});
