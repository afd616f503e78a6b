import { codeOf } from '@fechatter/contract';
import { expect, test } from 'vitest';
import { type NumberedRow, Ring } from './ring.ts';

const ROWS_MAX = 10_000;
const row = (pos: number, chats: number): NumberedRow => ({
  pos,
  nonce: pos,
  createdAt: new Date(pos),
  code: codeOf('user.updated'),
  workspaceId: 'w',
  workspaceSeq: pos,
  chatId: null,
  chatSeq: null,
  userId: null,
  subjectId: 's',
  facts: { sharedChats: Object.fromEntries(Array.from({ length: chats }, (_, n) => [`c${n}`, pos])) },
});

test('rows that name many chats are kept only up to a memory limit', () => {
  const ring = new Ring(ROWS_MAX);
  for (let pos = 1; pos <= 2_000; pos++) ring.push(row(pos, 1_000));
  const kept = Array.from({ length: 2_000 }, (_, n) => n + 1).filter((pos) => ring.nonceAt(pos) !== undefined);
  expect(kept.length).toBeLessThanOrEqual(500);
  expect(kept.length).toBeGreaterThan(200);
  expect(kept.at(-1)).toBe(2_000);
  const guest = {
    userId: 'g',
    workspaces: new Map([['w', [{ joinedSeq: 1, leftSeq: null, guest: { isGuest: true, sinceSeq: 1 } }]]]),
    chats: new Map([['c999', [{ joinedSeq: 1_990, leftSeq: null }]]]),
    workspaceOf: () => 'w',
  };
  const seen = ring.visibleTo(guest, { pos: kept[0] ?? 0, nonce: 0 }, { pos: 2_000, nonce: 0 });
  expect(seen).toEqual(Array.from({ length: 11 }, (_, n) => 1_990 + n));
  for (let pos = 2_001; pos <= 2_001 + ROWS_MAX / 2; pos++) ring.push(row(pos, 0));
  expect(ring.nonceAt(2_000)).toBe(2_000);
});
