import { expect, test } from 'vitest';
import { GapDetection } from './gap-detection.ts';
import type { Event } from './event.ts';

const left = { kind: 'member.left', chatId: 'c', seq: 9, userId: 'me' } as const satisfies Event;
const message = (seq: number) =>
  ({
    kind: 'message.deleted',
    chatId: 'c',
    seq,
    messageId: 'm',
    deletedAt: new Date(),
    number: 1,
    threadId: null,
    thread: null,
  }) as const satisfies Event;
const joined = { kind: 'member.updated', chatId: 'c', seq: 12, userId: 'me', role: 'Member' } as const satisfies Event;

test('one’s own leaving does not come again when a gap elsewhere is healed', () => {
  const gaps = new GapDetection('me');
  gaps.note(message(8), 't8');
  expect(gaps.judge(left)).toBe('next');
  gaps.note(left, 't9');
  expect(gaps.judge(left)).toBe('duplicate');
  expect(gaps.judge(message(8))).toBe('duplicate');
  // Whoever is back hears what comes then, at whatever seq.
  expect(gaps.judge(joined)).toBe('next');
  gaps.note(joined, 't12');
  expect([13, 14].map((seq) => gaps.judge(message(seq)))).toEqual(['next', 'gap']);
});

test('a read of a chat that one is back in counts for more than having left it', () => {
  const gaps = new GapDetection('me');
  gaps.note(left, 't9');
  gaps.expect({ chats: new Map([['c', 20]]), workspaces: new Map() });
  expect([15, 20, 21, 22].map((seq) => gaps.judge(message(seq)))).toEqual(['next', 'next', 'next', 'gap']);
});
