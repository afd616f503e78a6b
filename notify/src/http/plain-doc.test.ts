import { type Event, loggedEvents, plainForm, signalKinds } from '@fechatter/contract';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { EVENT_NAMES } from '../testing/plain-clients/plain-client.ts';

const text = await readFile(new URL('../../../docs/plain-sse.md', import.meta.url), 'utf8');
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(' | ').map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word)));

/** An event with every property that a plain form may read, of any kind. */
const anEvent = (kind: string): Event =>
  ({
    kind,
    changed: 'name',
    chatId: 'chat',
    workspaceId: 'workspace',
    seq: 1,
    message: { id: 'message' },
    messageId: 'message',
    user: { id: 'user' },
    file: { id: 'file' },
    fileId: 'file',
    name: 'parrot',
    userId: 'user',
    sessionId: 'session',
    lastReadSeq: 1,
    lastReadNumber: 1,
    unreadCount: 0,
    threadId: 'thread',
    isTyping: true,
    markVersion: 1,
    markSeq: 1,
    presence: 'online',
    customStatus: null,
    mentionNumbers: [1],
    notifyLevel: 'All',
    mutedUntil: new Date(0),
    preferences: { showPresence: true, showReceipts: true, pushPreviews: false },
    cursor: 'cursor',
    reason: 'cursor_unknown',
    resumed: true,
  }) as unknown as Event;

const kinds = ['ready', 'reset', ...loggedEvents.map(({ kind }) => kind), ...signalKinds];

test.each(kinds)('the page documents the plain form of %s', (kind) => {
  const { event, data } = plainForm(anEvent(kind));
  const types = 'type' in data && typeof data.type === 'string' ? [data.type] : [];
  const carried = [...Object.keys(data), ...types];
  const described = rows.filter(([names, fields]) => names?.includes(event) && fields?.includes(types[0] ?? fields[0]));
  expect(described).toHaveLength(1);
  expect(described[0]?.[1]).toEqual(expect.arrayContaining(carried));
});

test('a client that listens to the names on the page receives every event', () => {
  const spoken = new Set([...kinds.map((kind) => plainForm(anEvent(kind)).event), 'ping']);
  expect([...spoken].sort()).toEqual([...EVENT_NAMES].sort());
  const script = /const names = \[[^\]]*\];\n(?:names\.push\([^)]*\);\n)+/.exec(text)?.[0] ?? '';
  const listened = script.match(/(?<=')\w+(?=')/g);
  expect(listened?.sort()).toEqual([...spoken].sort());
});
