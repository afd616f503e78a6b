import { expect, test } from 'vitest';
import { newEvent } from './append.ts';

test('the fields of an event are typed by its kind', () => {
  const place = { chatId: 'c', chatSeq: 2 };
  expect(newEvent('member.joined', place, { subjectId: 'u', facts: { role: 'Member' } })).toEqual({
    kind: 'member.joined',
    chatId: 'c',
    chatSeq: 2,
    subjectId: 'u',
    facts: { role: 'Member' },
  });
  expect(newEvent('chat.deleted', place)).toEqual({ kind: 'chat.deleted', ...place });
  // @ts-expect-error there is no such role
  newEvent('member.joined', place, { subjectId: 'u', facts: { role: 'Emperor' } });
  // @ts-expect-error its kind has a fact
  newEvent('member.joined', place, { subjectId: 'u' });
  // @ts-expect-error its kind has facts
  newEvent('chat.purged', place);
  // @ts-expect-error its kind has none
  newEvent('chat.updated', place, { facts: { role: 'Member' } });
});
