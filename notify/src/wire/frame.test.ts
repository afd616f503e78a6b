import { type Event, loggedEvents, type LogRow, type Nouns } from '@fechatter/contract';
import { tracked } from '@trpc/server';
import { sseStreamProducer } from '@trpc/server/unstable-core-do-not-import';
import superjson from 'superjson';
import { expect, test } from 'vitest';
import { EventFrame, pingFrame, readyFrame, resetFrame } from './frame.ts';
import { connectedBytes, errorBytes } from './trpc-envelope.ts';

const id = '0190a3c4-0000-7000-8000-000000000001';
const at = (ms: number) => new Date(Date.UTC(2026, 10, 22) + ms);
const nouns: Nouns = {
  message: {
    id,
    chatId: id,
    seq: 7,
    number: 5,
    version: 8,
    clientId: id,
    content: 'say "hi"\n\u2028 \\ 😀',
    sender: { id, kind: 'Person', name: 'A', avatarUrl: null },
    createdAt: at(1),
    editedAt: null,
    deletedAt: at(2),
  },
  chat: {
    id,
    name: 'C',
    chatType: 'Group',
    workspaceId: id,
    topic: 'T',
    whoPosts: 'Admins',
    archivedAt: at(5),
    version: 1,
    createdAt: at(3),
    updatedAt: at(4),
  },
  file: {
    id,
    name: 'a "b".png',
    size: 9,
    mime: 'image/png',
    width: 2,
    height: 3,
    hasThumbnail: true,
    state: 'Ready',
    createdAt: at(3),
  },
  user: { id, kind: 'Person', name: 'U', avatarUrl: 'https://a.example/x', status: 'Active' },
  workspace: { id, name: 'W', description: null, retentionDays: null, lastSeq: 3, createdAt: at(5), updatedAt: at(6) },
  mark: { unreadCount: 2, lastReadSeq: 1, lastReadNumber: 1, markVersion: 3, markSeq: 4, mentionNumbers: [5] },
  chatPreferences: { notifyLevel: null, mutedUntil: null },
  preferences: { showPresence: true, showReceipts: true, pushPreviews: false, quietHours: null, blockedUserIds: [] },
  threadMark: { following: true, lastReadNumber: 1, markVersion: 1, markSeq: 1, unreadCount: 0, mentionNumbers: [] },
};
const row: LogRow = {
  code: 0,
  workspaceId: id,
  workspaceSeq: 4,
  chatId: id,
  chatSeq: 7,
  userId: null,
  subjectId: id,
  facts: { role: 'Admin', throughNumber: 9 },
};
const events: readonly Event[] = loggedEvents.map(({ read }) => read(row, nouns));
const serialize = (value: unknown) => superjson.serialize(value);
const text = (stream: ReadableStream<Uint8Array>) => new Response(stream).text();

test.each(events.map((event) => [event.kind, event] as const))(
  "%s has the bytes of tRPC's own producer",
  async (_, event) => {
    const data = (async function* () {
      yield tracked('token', event);
    })();
    const own = await text(sseStreamProducer({ data, serialize, client: { reconnectAfterInactivityMs: 45_000 } }));
    expect(
      connectedBytes({ reconnectAfterInactivityMs: 45_000 }).toString() + new EventFrame('token', event).trpc,
    ).toBe(own.replace('event: return\ndata: \n\n\n', ''));
  },
);

test("control frames have the bytes of tRPC's own producer", async () => {
  const cursor = { pos: 5, nonce: -7 };
  const [ready, reset] = [readyFrame(cursor, true, 'stream'), resetFrame(cursor, 'cursor_unknown')];
  const shape = { message: 'no', code: -32001, data: { code: 'UNAUTHORIZED', httpStatus: 401, at: at(0) } };
  const data = (async function* () {
    for (const { tracked: event } of [ready, reset]) yield tracked(event.token, event.event);
    throw new Error('any');
  })();
  const own = await text(sseStreamProducer({ data, serialize, formatError: () => shape }));
  expect(Buffer.concat([connectedBytes({} as never), ready.trpc, reset.trpc, errorBytes(shape)]).toString()).toBe(own);
});

test("a ping is tRPC's own, and the id moves by the frame with which tRPC restores one", async () => {
  const cursor = { pos: 5, nonce: -7 };
  const { token } = readyFrame(cursor, true, 'stream').tracked;
  const waiting = (async function* () {
    await new Promise(() => {});
    yield 0;
  })();
  const reader = sseStreamProducer({ data: waiting, ping: { enabled: true, intervalMs: 1 } }).getReader();
  let own = '';
  while (!own.includes('ping\ndata: \n\n\n')) own += new TextDecoder().decode((await reader.read()).value);
  void reader.cancel();
  expect(own).toContain(pingFrame(undefined).trpc.toString());

  const untracked = (async function* () {
    yield 'x';
  })();
  const restored = await text(sseStreamProducer({ data: untracked, serialize: String, lastEventId: token }));
  const restore = pingFrame(cursor).trpc.toString().slice(pingFrame(undefined).trpc.length);
  expect(restored).toContain(`\n\n\n${restore}event: return`);
});

test('plain frames', () => {
  const [created] = events;
  if (created === undefined) throw new Error('no events');
  expect(new EventFrame('token', created).plain.toString()).toBe(
    `event: message\ndata: {"chat_id":"${id}","message_id":"${id}","seq":7}\nid: token\n\n`,
  );
  const cursor = { pos: 0, nonce: 0 };
  const { token } = readyFrame(cursor, false, 'stream').tracked;
  expect(readyFrame(cursor, false, 'stream').plain.toString()).toBe(
    `event: ready\ndata: {"cursor":"${token}","resumed":false,"stream_id":"stream"}\nid: ${token}\n\n`,
  );
  expect(resetFrame(cursor, 'cursor_expired').plain.toString()).toBe(
    `event: reset\ndata: {"cursor":"${token}","reason":"cursor_expired"}\nid: ${token}\n\n`,
  );
  expect(pingFrame(undefined).plain.toString()).toBe('event: ping\ndata: {}\n\n');
  expect(pingFrame(cursor).plain.toString()).toBe(`event: ping\ndata: {}\nid: ${token}\n\n`);
});
