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
  // A person who returns receives what follows, at any seq.
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

const renamed = (workspaceSeq: number) =>
  ({ kind: 'workspace.memberLeft', workspaceId: 'w', workspaceSeq, userId: 'another' }) as const satisfies Event;
const roleOf = (workspaceSeq: number, role: 'Guest' | 'Member') =>
  ({ kind: 'workspace.memberUpdated', workspaceId: 'w', workspaceSeq, userId: 'me', role }) as const satisfies Event;

test('in a workspace a gap is one only for a person who is no Guest there', () => {
  const gaps = new GapDetection('me');
  gaps.note(renamed(3), 't3');
  expect([4, 5].map((seq) => gaps.judge(renamed(seq)))).toEqual(['next', 'unsure']);
  expect(gaps.placeBefore(renamed(5))).toBe('t3');
  gaps.learn('w', false);
  expect(gaps.judge(renamed(5))).toBe('gap');
  gaps.learn('w', true);
  expect([3, 5].map((seq) => gaps.judge(renamed(seq)))).toEqual(['duplicate', 'next']);
  gaps.expect({ chats: new Map(), workspaces: new Map([['w', 9]]), guestOf: new Set() });
  expect([10, 11].map((seq) => gaps.judge(renamed(seq)))).toEqual(['next', 'gap']);
});

test('becoming a Guest is said at any seq, and being none any more makes gaps count again', () => {
  const gaps = new GapDetection('me');
  gaps.expect({ chats: new Map(), workspaces: new Map([['w', 3]]), guestOf: new Set() });
  expect([roleOf(6, 'Member'), roleOf(6, 'Guest')].map((event) => gaps.judge(event))).toEqual(['gap', 'next']);
  gaps.note(roleOf(6, 'Guest'), 't6');
  expect([renamed(9), roleOf(9, 'Member')].map((event) => gaps.judge(event))).toEqual(['next', 'next']);
  gaps.note(roleOf(9, 'Member'), 't9');
  expect([10, 11].map((seq) => gaps.judge(renamed(seq)))).toEqual(['next', 'gap']);
});
