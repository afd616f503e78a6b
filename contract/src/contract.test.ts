import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  canSee,
  canSeeNow,
  decodeCursor,
  encodeCursor,
  loggedEvents,
  type LogRow,
  reasons,
  signals,
  statusOfCode,
} from './index.ts';

test('a cursor survives its way through a client, and nothing else is taken for one', () => {
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

test('codes and kinds of events are unique, and exactly what ends a membership or a session takes away', () => {
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
  const kinds = [...loggedEvents, ...signals].map(({ kind }) => kind);
  expect(new Set(kinds).size).toBe(kinds.length);
  for (const { schema } of signals) expect(Object.keys((schema as unknown as z.ZodObject).shape)).not.toContain('seq');
});

test('every reason has a code with a status and a sentence', () => {
  for (const [code, sentence] of Object.values(reasons)) {
    expect(statusOfCode[code]).toBeGreaterThanOrEqual(400);
    expect(sentence).toMatch(/\.$/);
  }
});

describe('who sees a row', () => {
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

  test('it looks at a few periods of very many, and says what a look at all of them would', () => {
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
