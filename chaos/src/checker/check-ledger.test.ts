import { encodeCursor } from '@fechatter/contract';
import { expect, test } from 'vitest';
import { Ledger } from '../subscribers/ledger.ts';
import { Spans } from '../system/spans.ts';
import { Findings, type Sort } from './findings.ts';
import { type Evidence, checkLedger } from './check-ledger.ts';
import type { TrueRow, Truth } from './truth.ts';

// One chat in one workspace. Positions 1 to 6: u joins the workspace, u joins the chat, three messages, u leaves the
// chat. `v` joins both with the same rows and stays.
const CODES = [21, 13, 1, 1, 1, 30];
const rows: readonly TrueRow[] = CODES.map((code, index) => ({
  id: 100 + index,
  pos: index + 1,
  nonce: 7,
  code,
  workspaceId: 'w',
  workspaceSeq: code === 21 ? 1 : null,
  chatId: code === 21 ? null : 'c',
  chatSeq: code === 21 ? null : index,
  userId: null,
  subjectId: code === 1 ? `m${index}` : 'u',
  role: null,
  sharedChats: null,
}));
const truth: Truth = {
  rows,
  rowAt: new Map(rows.map((row) => [row.pos, row])),
  lastPos: 6,
  unnumbered: [],
  periods: new Map([
    [
      'u',
      new Map([
        ['w', [{ joinedSeq: 1, leftSeq: null }]],
        ['c', [{ joinedSeq: 1, leftSeq: 5 }]],
      ]),
    ],
    [
      'v',
      new Map([
        ['w', [{ joinedSeq: 1, leftSeq: null }]],
        ['c', [{ joinedSeq: 1, leftSeq: null }]],
      ]),
    ],
  ]),
  erased: new Set(),
  workspaceOf: new Map([['c', 'w']]),
  rowOfSeq: (audience, seq) => rows.find(({ chatId, chatSeq }) => chatId === audience && chatSeq === seq),
};

function ledgerOf(userId: string, delivered: readonly number[]): Ledger {
  const ledger = new Ledger('someone', 'plain', { userId, sessionId: 's' }, { takes: () => true });
  ledger.beginAt(encodeCursor({ pos: 0, nonce: 7 }));
  for (const pos of delivered) {
    const { code, chatSeq, nonce } = rows[pos - 1] ?? { code: 1, chatSeq: 9, nonce: 7 };
    const place = chatSeq === null ? { audience: 'w', seq: 1 } : { audience: 'c', seq: chatSeq };
    ledger.note(code, encodeCursor({ pos, nonce }), 0, place);
  }
  return ledger;
}

function found(ledger: Ledger, evidence: Partial<Evidence> = {}): Partial<Record<Sort, number>> {
  const none = new Spans();
  const pruned = { partitionRows: 10, cuts: [] };
  const all = { truth, pruned, cutsAtMs: new Map<number, number>(), holdsOf: () => none, delays: none, ...evidence };
  const findings = new Findings();
  checkLedger(ledger, all, findings, { deliveries: 0, owed: 0, cuts: 0, resets: 0 });
  return Object.fromEntries(findings.counts);
}

test('a ledger with every event once and in order has no findings', () => {
  expect(found(ledgerOf('v', [1, 2, 3, 4, 5, 6]))).toEqual({});
});

test('a person who left must receive the rows that are still visible to them, and may have received the others', () => {
  expect(found(ledgerOf('u', [1, 6]))).toEqual({});
  expect(found(ledgerOf('u', [1, 2, 3, 4, 5, 6]))).toEqual({});
  expect(found(ledgerOf('u', [1, 2, 3]))).toEqual({ lost: 1 });
});

test('missing, repeated, late and invented events are found', () => {
  expect(found(ledgerOf('v', [1, 2, 3, 5, 6]))).toEqual({ lost: 1 });
  expect(found(ledgerOf('v', [1, 2, 3, 4, 4, 5, 6]))).toEqual({ repeated: 1 });
  expect(found(ledgerOf('v', [1, 2, 4, 3, 5, 6]))).toEqual({ 'out of order': 1 });
  expect(found(ledgerOf('v', [1, 2, 3, 4, 5, 6, 7]))).toEqual({ phantom: 1 });
  expect(found(ledgerOf('stranger', [3]))).toEqual({ phantom: 1 });
});

test('a reaction or a pin that does not have its own seq as its version is found', () => {
  const reacted = (version: number) => {
    const ledger = ledgerOf('v', [1, 2, 3, 4, 5, 6]);
    const event = { kind: 'message.reacted', chatId: 'c', seq: 6, messageId: 'm2', threadId: null, version } as const;
    const reaction = { reactions: [], userId: 'u', emoji: '👍', isAdded: false };
    ledger.take({ ...event, ...reaction }, encodeCursor({ pos: 7, nonce: 7 }), 0);
    return ledger.mistakes.length;
  };
  expect([reacted(6), reacted(0)]).toEqual([0, 1]);
  const pinned = (version: number) => {
    const ledger = ledgerOf('v', [1, 2, 3, 4, 5, 6]);
    const pin = { kind: 'message.pinned', chatId: 'c', seq: 6, messageId: 'm2', threadId: null, version } as const;
    ledger.take({ ...pin, pinnedAt: new Date(0), userId: 'u' }, encodeCursor({ pos: 7, nonce: 7 }), 0);
    return ledger.mistakes.length;
  };
  expect([pinned(6), pinned(5)]).toEqual([0, 1]);
});

test('a signal of a chat that the person was never in is found, and its id is the current position, like a ping’s', () => {
  const signalled = (userId: string, chatId: string) => {
    const ledger = ledgerOf(userId, userId === 'u' ? [1, 6] : [1, 2, 3, 4, 5, 6]);
    ledger.signal(chatId, undefined);
    return ledger;
  };
  expect(found(signalled('v', 'c'))).toEqual({});
  expect(found(signalled('u', 'c'))).toEqual({});
  expect(found(signalled('v', 'another'))).toEqual({ phantom: 1 });
  const skipping = ledgerOf('v', [1, 2]);
  skipping.signal('c', encodeCursor({ pos: 4, nonce: 7 }));
  expect(found(skipping)).toEqual({ lost: 4 });
});

test('an event may still arrive 2 s after its revocation, and later only over a delayed connection', () => {
  const ledger = ledgerOf('u', [1, 2, 6]);
  const nowMs = performance.now();
  const takenAt = (agoMs: number) => new Map([[105, nowMs - agoMs]]);
  const held = new Spans();
  held.add(nowMs - 2_500, nowMs - 500);
  expect(found(ledger, { cutsAtMs: takenAt(1_000) })).toEqual({});
  expect(found(ledger, { cutsAtMs: takenAt(3_000) })).toEqual({ 'shown after the cut': 1 });
  expect(found(ledger, { cutsAtMs: takenAt(3_000), holdsOf: () => held })).toEqual({});
});

test('a reset excuses missing events only if the log had really pruned the position', () => {
  const ledger = ledgerOf('v', [1, 2]);
  ledger.reset('cursor_expired', encodeCursor({ pos: 5, nonce: 7 }));
  ledger.note(30, encodeCursor({ pos: 6, nonce: 7 }), 0, { audience: 'c', seq: 5 });
  const prunedAt = (beganAtMs: number) => ({ pruned: { partitionRows: 4, cuts: [{ belowPos: 4, beganAtMs }] } });
  expect(found(ledger, prunedAt(0))).toEqual({});
  expect(found(ledger, prunedAt(performance.now() + 1_000))).toEqual({ 'a reset without reason': 1 });
  expect(found(ledger)).toEqual({ 'a reset without reason': 1 });
});
