import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  canSee,
  canSeeNow,
  codeOf,
  chatSignals,
  decodeCursor,
  encodeCursor,
  type LoggedEventKind,
  loggedEvents,
  type LogRow,
  reasons,
  signalKinds,
  statusOfCode,
} from './index.ts';

test('a cursor can be encoded and decoded, and nothing else is accepted as one', () => {
  for (const cursor of [
    { pos: 0, nonce: 0 },
    { pos: 1, nonce: 2_147_483_647 },
    { pos: Number.MAX_SAFE_INTEGER, nonce: -1 },
  ]) {
    const token = encodeCursor(cursor);
    expect(token).toMatch(/^[A-Za-z0-9_-]{18}$/);
    expect(decodeCursor(token)).toEqual(cursor);
  }
  for (const garbage of ['', 'x', '!'.repeat(18), 'A'.repeat(17), 'A'.repeat(18), 'A'.repeat(19), '_'.repeat(18)])
    expect(decodeCursor(garbage)).toBeUndefined();
});

test('codes and kinds of events are unique, and exactly the kinds that end a membership or a session are revocations', () => {
  expect(new Set(loggedEvents.map(({ code }) => code)).size).toBe(loggedEvents.length);
  expect(new Set(loggedEvents.map(({ kind }) => kind)).size).toBe(loggedEvents.length);
  expect(loggedEvents.flatMap(({ kind, takesAway }) => (takesAway ? [kind] : [])).toSorted()).toEqual([
    'chat.deleted',
    'member.left',
    'session.revoked',
    'workspace.deleted',
    'workspace.memberLeft',
  ]);
});

test('a signal is no event: it has a kind and a plain name of its own, and no seq', () => {
  const kinds = [...loggedEvents.map(({ kind }) => kind), ...signalKinds];
  expect(new Set(kinds).size).toBe(kinds.length);
  for (const { schema } of chatSignals)
    expect(Object.keys((schema as unknown as z.ZodObject).shape)).not.toContain('seq');
});

test('every reason has a code with a status and a sentence', () => {
  for (const [code, sentence] of Object.values(reasons)) {
    expect(statusOfCode[code]).toBeGreaterThanOrEqual(400);
    expect(sentence).toMatch(/\.$/);
  }
});

describe('canSee', () => {
  const row = (fields: Partial<LogRow>): LogRow => ({
    code: 1,
    workspaceId: 'w',
    workspaceSeq: null,
    chatId: null,
    chatSeq: null,
    userId: null,
    subjectId: null,
    facts: {},
    ...fields,
  });
  const who = (workspace: [number, number | null][], chat: [number, number | null][]) => {
    const periods = (all: [number, number | null][]) => all.map(([joinedSeq, leftSeq]) => ({ joinedSeq, leftSeq }));
    return {
      userId: 'u',
      workspaces: new Map([['w', periods(workspace)]]),
      chats: new Map([['c', periods(chat)]]),
      workspaceOf: () => 'w',
    };
  };
  const inChat = (chatSeq: number) => row({ chatId: 'c', chatSeq });

  test.each([
    ['a member', who([[1, null]], [[3, null]]), inChat(5), true],
    ['a member, of the row that began it', who([[1, null]], [[3, null]]), inChat(3), true],
    ['a member, of what was before', who([[1, null]], [[3, null]]), inChat(2), false],
    ['who has left, of the row that ended it', who([[1, null]], [[3, 7]]), inChat(7), true],
    ['who has left, of a row within the period', who([[1, null]], [[3, 7]]), inChat(5), false],
    [
      'who is back, of the first period',
      who(
        [[1, null]],
        [
          [3, 7],
          [9, null],
        ],
      ),
      inChat(5),
      false,
    ],
    [
      'who is back, of the second period',
      who(
        [[1, null]],
        [
          [3, 7],
          [9, null],
        ],
      ),
      inChat(10),
      true,
    ],
    ['who has left the workspace', who([[1, 4]], [[3, null]]), inChat(5), false],
    [
      'a member of the workspace, of a public channel',
      who([[1, null]], []),
      row({ workspaceSeq: 2, chatId: 'c', chatSeq: 1 }),
      true,
    ],
    ['a stranger', who([], []), row({ workspaceSeq: 2 }), false],
    ['oneself', who([], []), row({ workspaceId: null, userId: 'u' }), true],
    ['someone else', who([], []), row({ workspaceId: null, userId: 'v' }), false],
  ] as const)('%s', (_, reader, logged, sees) => {
    expect(canSee(reader, logged)).toBe(sees);
  });

  describe('a Guest', () => {
    const span = (isGuest: boolean, sinceSeq: number) => ({ guest: { isGuest, sinceSeq } });
    const guest = (chat: [number, number | null][], leftSeq: number | null = null, of = span(true, 1)) => {
      const person = who([], chat);
      return { ...person, workspaces: new Map([['w', [{ joinedSeq: 1, leftSeq, ...of }]]]) };
    };
    const about = (subjectId: string | null, workspaceSeq: number, kind: LoggedEventKind, facts = {}) =>
      row({ code: codeOf(kind), workspaceSeq, subjectId, facts });
    const shared = (seq: number) => about('v', 5, 'user.updated', { sharedChats: { c: seq, d: 1 } });
    const channel = row({ code: codeOf('chat.updated'), workspaceSeq: 5, chatId: 'c', chatSeq: 4 });

    test.each([
      ['of the workspace itself', guest([]), about(null, 5, 'workspace.updated'), true],
      ['of its end', guest([], 9), about(null, 9, 'workspace.deleted'), true],
      ['of themselves', guest([]), about('u', 5, 'workspace.memberUpdated', { role: 'Guest' }), true],
      ['of their own leaving', guest([], 9), about('u', 9, 'workspace.memberLeft'), true],
      ['of a person who joined', guest([[1, null]]), about('v', 5, 'workspace.memberJoined', { role: 'Guest' }), false],
      ['of a stranger', guest([[1, null]]), about('v', 5, 'user.updated'), false],
      ['of a person of their chat', guest([[3, null]]), shared(3), true],
      ['of a person of their chat, before they came', guest([[4, null]]), shared(3), false],
      ['of a person of a chat that they have left', guest([[3, 7]]), shared(7), false],
      ['of a person of a chat that they left and entered again', guest([[1, 3], [6, null]]), shared(2), false], // biome-ignore format: one line
      ['of a public channel that they are in', guest([[4, null]]), channel, true],
      ['of a public channel that they left with this row', guest([[2, 4]]), channel, true],
      ['of a public channel that they entered later', guest([[5, null]]), channel, false],
      ['of a public channel', guest([]), channel, false],
      ['that is none any more, from before', guest([], null, span(false, 6)), about('v', 5, 'user.updated'), false],
      ['that is none any more, from then on', guest([], null, span(false, 5)), about('v', 5, 'user.updated'), true],
      ['that was none, from before', guest([], null, span(true, 6)), about('v', 5, 'user.updated'), false],
      ['of facts that mean nothing', guest([[1, null]]), about('v', 5, 'user.updated', { sharedChats: 'c' }), false],
      ['of no facts', guest([[1, null]]), { ...about('v', 5, 'user.updated'), facts: null as never }, false],
    ] as const)('sees what they may %s', (_, reader, logged, sees) => {
      expect(canSee(reader, logged)).toBe(sees);
    });
  });

  test('it examines a few periods of many, with the same result as examining all', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => ({ joinedSeq: 4 * n + 1, leftSeq: 4 * n + 3 }));
    let looks = 0;
    const counted = new Proxy(many, {
      get: (target, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks++;
        return Reflect.get(target, key) as unknown;
      },
    });
    const reader = { ...who([[1, null]], []), chats: new Map([['c', counted]]) };
    for (const seq of [0, 1, 2, 3, 4, 199_999, 200_003, 399_999, 400_000, 400_001]) {
      looks = 0;
      const expected = many.some(({ leftSeq }) => leftSeq === seq);
      expect({ seq, sees: canSee(reader, inChat(seq)) }).toEqual({ seq, sees: expected });
      expect(looks).toBeLessThan(20);
    }
  });

  test.each([
    ['a member', who([[1, null]], [[3, null]]), true],
    ['who has left', who([[1, null]], [[3, 7]]), false],
    [
      'who is back',
      who(
        [[1, null]],
        [
          [3, 7],
          [9, null],
        ],
      ),
      true,
    ],
    ['who has left the workspace', who([[1, 4]], [[3, null]]), false],
    ['who is in the workspace alone', who([[1, null]], []), false],
  ] as const)('a signal of a chat: %s', (_, reader, sees) => {
    expect(canSeeNow(reader, 'c')).toBe(sees);
  });
});
