import { expect, test } from 'vitest';
import type { TruePeriod, TrueRow, Truth } from './truth.ts';
import { verdictOf } from './verdict.ts';

// Workspace w, where g is a Guest in chat c with s. Each line is a row; its index is its position.
const lines: readonly Partial<TrueRow>[] = [
  { code: 21, workspaceSeq: 1, subjectId: 's', role: 'Member' },
  { code: 21, workspaceSeq: 2, subjectId: 'g', role: 'Guest' },
  { code: 21, workspaceSeq: 3, subjectId: 'm', role: 'Member' },
  { code: 23, workspaceSeq: 4, subjectId: 's' },
  { code: 10, chatId: 'c', chatSeq: 1, subjectId: 'c' },
  { code: 23, workspaceSeq: 5, subjectId: 's' },
  { code: 23, workspaceSeq: 6, subjectId: 'm' },
  { code: 30, chatId: 'c', chatSeq: 2, subjectId: 's' },
  { code: 23, workspaceSeq: 7, subjectId: 's', sharedChats: { c: 1 } },
  { code: 20, workspaceSeq: 8 },
  { code: 22, workspaceSeq: 9, subjectId: 'g', role: 'Member' },
  { code: 23, workspaceSeq: 10, subjectId: 'm' },
  { code: 22, workspaceSeq: 11, subjectId: 'm', role: 'Guest' },
];
const rows = lines.map((line, index): TrueRow => {
  const none = { workspaceSeq: null, chatId: null, chatSeq: null, userId: null, subjectId: null };
  return {
    id: index,
    pos: index + 1,
    nonce: 7,
    code: 0,
    workspaceId: 'w',
    ...none,
    role: null,
    sharedChats: null,
    ...line,
  };
});
const period = (joinedSeq: number, leftSeq: number | null = null): TruePeriod[] => [{ joinedSeq, leftSeq }];
const truth: Truth = {
  rows,
  rowAt: new Map(rows.map((row) => [row.pos, row])),
  lastPos: rows.length,
  unnumbered: [],
  periods: new Map([
    [
      's',
      new Map([
        ['w', period(1)],
        ['c', period(1, 2)],
      ]),
    ],
    [
      'g',
      new Map([
        ['w', period(2)],
        ['c', period(1)],
      ]),
    ],
    ['m', new Map([['w', period(3)]])],
  ]),
  erased: new Set(),
  workspaceOf: new Map([['c', 'w']]),
  rowOfSeq: (audience, seq) =>
    rows.find((row) => (audience === 'c' ? row.chatSeq : row.workspaceSeq) === seq && (row.chatId ?? 'w') === audience),
};
const verdicts = (userId: string) => rows.map((row) => verdictOf(truth, userId, row).is);

test('a Guest may receive events about themselves, the workspace, and people with whom they share a chat', () => {
  expect(verdicts('g')).toEqual([
    'never', // came before
    'must', // is let in
    'never', // a person is let in
    'never', // a stranger
    'must', // the chat
    'must', // a person of the chat
    'never', // a stranger
    'must', // in the chat
    'may', // was leaving the chat
    'must', // the workspace
    'must', // a Guest no more
    'must', // a member sees everyone
    'must',
  ]);
});

test('a Guest receives the erasure of a person who had left their chat', () => {
  const verdict = verdictOf({ ...truth, erased: new Set(['s']) }, 'g', rows[8] as TrueRow);
  expect(verdict).toEqual({ is: 'must' });
});

test('a member may receive members’ events until they become a Guest', () => {
  const [made, ...others] = verdicts('m').toReversed();
  expect([made, ...others.slice(0, 5)]).toEqual(['must', 'must', 'may', 'must', 'may', 'never']);
  const verdict = verdictOf(truth, 'm', rows[8] as TrueRow);
  expect(verdict).toEqual({ is: 'may', endedBy: rows[12] });
});
