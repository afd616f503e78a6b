import { expect, test } from 'vitest';
import { BATCH_MAX, BATCH_OF_CHAT_MAX, ChatLines, WAITING_IN_CHAT_MAX, WAITING_MAX } from './chat-queues.ts';
import { PendingSend } from './pending-send.ts';
import { outgoing } from '../../testing/staged-chats.ts';

test('a hot chat has its share of a flight, and its next turn comes after everyone else', () => {
  const lines = linesWith({ hot: 500, hotToo: 500, a: 1, b: 1 });
  const first = lines.takeReady();
  expect(countsOf(first)).toEqual({ hot: BATCH_OF_CHAT_MAX, hotToo: BATCH_OF_CHAT_MAX });
  if (first) lines.land(first, { left: [], heldChats: new Set() });
  expect(countsOf(lines.takeReady())).toEqual({ a: 1, b: 1, hot: 32, hotToo: 30 });
});

test('a chat that is away with a flight is in no other', () => {
  const lines = linesWith({ hot: 100 });
  const first = lines.takeReady();
  expect(first?.batch).toHaveLength(BATCH_OF_CHAT_MAX);
  expect(lines.takeReady()).toBeUndefined();
  if (first) lines.land(first, { left: [], heldChats: new Set() });
  expect(lines.takeReady()?.batch).toHaveLength(BATCH_OF_CHAT_MAX);
});

test('what was held goes first when its chat goes alone', () => {
  const lines = linesWith({ held: 40, free: 1 });
  const flight = lines.takeReady();
  const left = flight?.batch.filter(({ message }) => message.chatId === 'held') ?? [];
  if (flight) lines.land(flight, { left, heldChats: new Set(['held']) });
  expect(lines.takeReady()).toBeUndefined();
  const alone = lines.takeHeld();
  expect(alone?.batch).toHaveLength(40);
  expect(alone?.batch.slice(0, left.length)).toEqual(left);
});

test('so many wait in a chat and in all, and no more', () => {
  const lines = new ChatLines();
  for (let chat = 0; chat < WAITING_MAX / WAITING_IN_CHAT_MAX; chat++) {
    for (let n = 0; n < WAITING_IN_CHAT_MAX; n++) expect(lines.add(pending(`chat ${chat}`))).toBe(true);
    if (chat === 0) expect(lines.add(pending('chat 0'))).toBe(false);
  }
  expect(lines.add(pending('another'))).toBe(false);
  expect(lines.takeReady()?.batch).toHaveLength(BATCH_MAX);
  expect(lines.add(pending('another'))).toBe(true);
});

test('who has gone is not sent, and who waits too long is told so', async () => {
  const lines = new ChatLines();
  const gone = new AbortController();
  const [leaving, late, patient] = [pending('a', gone.signal), pending('b', undefined, 10), pending('c')];
  for (const one of [leaving, late, patient]) lines.add(one);
  gone.abort();
  lines.expire(11);
  await expect(leaving.answer).rejects.toMatchObject({ reason: 'busy' });
  await expect(late.answer).rejects.toMatchObject({ reason: 'busy' });
  expect(lines.takeReady()?.batch).toEqual([patient]);
  expect(lines.waiting).toBe(0);
});

function pending(chatId: string, signal?: AbortSignal, deadlineMs = 1_000): PendingSend {
  return new PendingSend(outgoing(chatId, 'someone'), signal, deadlineMs);
}

function linesWith(counts: Readonly<Record<string, number>>): ChatLines {
  const lines = new ChatLines();
  for (const [chatId, count] of Object.entries(counts)) for (let n = 0; n < count; n++) lines.add(pending(chatId));
  return lines;
}

function countsOf(flight: { readonly batch: readonly PendingSend[] } | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { message } of flight?.batch ?? []) counts[message.chatId] = (counts[message.chatId] ?? 0) + 1;
  return counts;
}
