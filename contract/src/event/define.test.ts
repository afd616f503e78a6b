import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type LogRow, loggedEvents, type LoggedEvent, type Nouns } from '../index.ts';
import { defineEvent } from './define.ts';
import { NIL_ID, standInFor } from './stand-in.ts';

const id = '0190a3c4-0000-7000-8000-000000000001';
const at = new Date(0);
const nouns: Nouns = {
  message: {
    id,
    chatId: id,
    seq: 1,
    number: 1,
    version: 1,
    clientId: id,
    content: '',
    sender: { id, kind: 'Person', name: '', avatarUrl: null },
    createdAt: at,
    editedAt: null,
    deletedAt: null,
  },
  chat: {
    id,
    name: '',
    chatType: 'Group',
    workspaceId: id,
    topic: null,
    whoPosts: 'All',
    archivedAt: null,
    version: 1,
    createdAt: at,
    updatedAt: at,
  },
  file: {
    id,
    name: '',
    size: 1,
    mime: 'image/png',
    width: 1,
    height: 1,
    hasThumbnail: true,
    state: 'Ready',
    createdAt: at,
  },
  user: { id, kind: 'Person', name: '', avatarUrl: null, status: 'Active' },
  workspace: { id, name: '', description: null, retentionDays: null, lastSeq: 1, createdAt: at, updatedAt: at },
  mark: { unreadCount: 2, lastReadSeq: 1, lastReadNumber: 1, markVersion: 3, markSeq: 4, mentionNumbers: [5] },
  chatPreferences: { notifyLevel: null, mutedUntil: null },
  preferences: { showPresence: true, showReceipts: true, pushPreviews: false, quietHours: null, blockedUserIds: [] },
  threadMark: { following: true, lastReadNumber: 1, markVersion: 1, markSeq: 1, unreadCount: 0, mentionNumbers: [] },
};
const row = (facts: unknown, refs: string | null = null): LogRow => ({
  code: 0,
  workspaceId: refs,
  workspaceSeq: null,
  chatId: refs,
  chatSeq: null,
  userId: null,
  subjectId: refs,
  facts: facts as LogRow['facts'],
});

const hostile = [
  {},
  null,
  7,
  'text',
  [],
  { role: 'Emperor', throughNumber: -1, userId: 4, emoji: null, isAdded: 1.5 },
  { role: {}, throughNumber: [], userId: {}, isAdded: [] },
];

describe.each(loggedEvents.map((definition) => [definition.kind, definition] as const))('%s', (kind, definition) => {
  const read: (row: LogRow, given: Nouns, onUnreadable?: (error: unknown) => void) => LoggedEvent = definition.read;

  test.each(hostile)('a row with the facts %j is an event of its kind', (facts) => {
    for (const refs of [null, id]) {
      const errors: unknown[] = [];
      const event = read(row(facts, refs), nouns, (error) => errors.push(error));
      expect(definition.schema.parse(event)).toEqual({ ...event, kind });
      const hasFacts = Object.keys(definition.facts.shape).length > 0;
      const isUnderstood = !hasFacts || definition.facts.safeParse(facts).success;
      expect(errors).toHaveLength(isUnderstood ? 0 : 1);
    }
  });
});

test('a valid fact is shown even if the others are invalid', () => {
  const read = loggedEvents.find(({ kind }) => kind === 'message.reacted')?.read as unknown as (
    row: LogRow,
    nouns: Nouns,
  ) => object;
  expect(read(row({ emoji: '👍', isAdded: 'yes', later: true }, id), nouns)).toMatchObject({
    kind: 'message.reacted',
    userId: NIL_ID,
    emoji: '👍',
    isAdded: false,
  });
});

test.each([
  [z.int().nonnegative(), 0],
  [z.int().positive(), 1],
  [z.enum(['b', 'a']), 'b'],
  [z.string(), ''],
  [z.string().min(1), '\uFFFD'],
  [z.uuid(), NIL_ID],
  [z.boolean(), false],
  [z.array(z.string()), []],
  [z.string().nullable(), null],
  [z.string().optional(), undefined],
  [z.int().default(3), 3],
  [z.literal('x'), 'x'],
  [z.object({ count: z.int(), of: z.array(z.string()) }), { count: 0, of: [] }],
])('the stand-in of a fact is valid by its schema (%#)', (schema, value) => {
  expect(standInFor(schema)).toEqual(value);
  expect(schema.safeParse(value).success).toBe(true);
});

test('a kind with a fact that has no stand-in fails to load', () => {
  const define = () =>
    defineEvent({
      kind: 'x',
      code: 99,
      scope: 'user',
      facts: z.object({ code: z.string().regex(/^[A-Z]{8}$/) }),
      shape: {},
      read: () => ({}),
      plain: () => ({ event: 'x', data: {} }),
    });
  expect(define).toThrow(/stand in/);
});
