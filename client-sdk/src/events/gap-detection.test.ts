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

test('the event of leaving is not repeated when a gap elsewhere is filled', () => {
  const gaps = new GapDetection('me');
  gaps.note(message(8), 't8');
  expect(gaps.check(left)).toBe('next');
  gaps.note(left, 't9');
  expect(gaps.check(left)).toBe('duplicate');
  expect(gaps.check(message(8))).toBe('duplicate');
  // A person who returns receives what follows, at any seq.
  expect(gaps.check(joined)).toBe('next');
  gaps.note(joined, 't12');
  expect([13, 14].map((seq) => gaps.check(message(seq)))).toEqual(['next', 'gap']);
});

test('a read of a chat that was joined again outweighs the earlier leaving', () => {
  const gaps = new GapDetection('me');
  gaps.note(left, 't9');
  gaps.expect({ chats: new Map([['c', 20]]), workspaces: new Map() });
  expect([15, 20, 21, 22].map((seq) => gaps.check(message(seq)))).toEqual(['next', 'next', 'next', 'gap']);
});

const renamed = (workspaceSeq: number) =>
  ({ kind: 'workspace.memberLeft', workspaceId: 'w', workspaceSeq, userId: 'another' }) as const satisfies Event;
const roleOf = (workspaceSeq: number, role: 'Guest' | 'Member') =>
  ({ kind: 'workspace.memberUpdated', workspaceId: 'w', workspaceSeq, userId: 'me', role }) as const satisfies Event;

test('gaps in a workspace count only for people who are not Guests there', () => {
  const gaps = new GapDetection('me');
  gaps.note(renamed(3), 't3');
  expect([4, 5].map((seq) => gaps.check(renamed(seq)))).toEqual(['next', 'unsure']);
  expect(gaps.placeBefore(renamed(5))).toBe('t3');
  gaps.learn('w', false);
  expect(gaps.check(renamed(5))).toBe('gap');
  gaps.learn('w', true);
  expect([3, 5].map((seq) => gaps.check(renamed(seq)))).toEqual(['duplicate', 'next']);
  gaps.expect({ chats: new Map(), workspaces: new Map([['w', 9]]), guestOf: new Set() });
  expect([10, 11].map((seq) => gaps.check(renamed(seq)))).toEqual(['next', 'gap']);
});

test('the event of becoming a Guest is accepted at any seq, and gaps count again when the role ends', () => {
  const gaps = new GapDetection('me');
  gaps.expect({ chats: new Map(), workspaces: new Map([['w', 3]]), guestOf: new Set() });
  expect([roleOf(6, 'Member'), roleOf(6, 'Guest')].map((event) => gaps.check(event))).toEqual(['gap', 'next']);
  gaps.note(roleOf(6, 'Guest'), 't6');
  expect([renamed(9), roleOf(9, 'Member')].map((event) => gaps.check(event))).toEqual(['next', 'next']);
  gaps.note(roleOf(9, 'Member'), 't9');
  expect([10, 11].map((seq) => gaps.check(renamed(seq)))).toEqual(['next', 'gap']);
});
