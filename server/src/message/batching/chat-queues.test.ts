import { expect, test } from 'vitest';
import { BATCH_MAX, BATCH_OF_CHAT_MAX, ChatQueues, WAITING_IN_CHAT_MAX, WAITING_MAX } from './chat-queues.ts';
import { PendingWrite } from './pending-write.ts';
import { outgoing } from '../../testing/staged-chats.ts';

test('a hot chat has its share of a batch, and waits for all others before its next turn', () => {
  const queues = queuesWith({ hot: 500, hotToo: 500, a: 1, b: 1 });
  const first = queues.takeReady();
  expect(countsOf(first)).toEqual({ hot: BATCH_OF_CHAT_MAX, hotToo: BATCH_OF_CHAT_MAX });
  if (first) queues.settle(first, { left: [], heldChats: new Set() });
  expect(countsOf(queues.takeReady())).toEqual({ a: 1, b: 1, hot: 32, hotToo: 30 });
});

test('a chat that is in one batch is in no other', () => {
  const queues = queuesWith({ hot: 100 });
  const first = queues.takeReady();
  expect(first?.writes).toHaveLength(BATCH_OF_CHAT_MAX);
  expect(queues.takeReady()).toBeUndefined();
  if (first) queues.settle(first, { left: [], heldChats: new Set() });
  expect(queues.takeReady()?.writes).toHaveLength(BATCH_OF_CHAT_MAX);
});

test('messages of a held chat go first when its chat is sent alone', () => {
  const queues = queuesWith({ held: 40, free: 1 });
  const batch = queues.takeReady();
  const left = batch?.writes.filter(({ write }) => write.chatId === 'held') ?? [];
  if (batch) queues.settle(batch, { left, heldChats: new Set(['held']) });
  expect(queues.takeReady()).toBeUndefined();
  const alone = queues.takeHeld();
  expect(alone?.writes).toHaveLength(40);
  expect(alone?.writes.slice(0, left.length)).toEqual(left);
});

test('the number of waiting messages is limited, per chat and in total', () => {
  const queues = new ChatQueues();
  for (let chat = 0; chat < WAITING_MAX / WAITING_IN_CHAT_MAX; chat++) {
    for (let n = 0; n < WAITING_IN_CHAT_MAX; n++) expect(queues.add(pending(`chat ${chat}`))).toBe(true);
    if (chat === 0) expect(queues.add(pending('chat 0'))).toBe(false);
  }
  expect(queues.add(pending('another'))).toBe(false);
  expect(queues.takeReady()?.writes).toHaveLength(BATCH_MAX);
  expect(queues.add(pending('another'))).toBe(true);
});

test('a message of a disconnected caller is not sent, and one that waits too long is refused', async () => {
  const queues = new ChatQueues();
  const gone = new AbortController();
  const [leaving, late, patient] = [pending('a', gone.signal), pending('b', undefined, 10), pending('c')];
  for (const one of [leaving, late, patient]) queues.add(one);
  gone.abort();
  queues.expire(11);
  await expect(leaving.result).rejects.toMatchObject({ reason: 'busy' });
  await expect(late.result).rejects.toMatchObject({ reason: 'busy' });
  expect(queues.takeReady()?.writes).toEqual([patient]);
  expect(queues.waiting).toBe(0);
});

function pending(chatId: string, signal?: AbortSignal, deadlineMs = 1_000): PendingWrite {
  return new PendingWrite(outgoing(chatId, 'someone'), signal, deadlineMs);
}

function queuesWith(counts: Readonly<Record<string, number>>): ChatQueues {
  const queues = new ChatQueues();
  for (const [chatId, count] of Object.entries(counts)) for (let n = 0; n < count; n++) queues.add(pending(chatId));
  return queues;
}

function countsOf(batch: { readonly writes: readonly PendingWrite[] } | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { write } of batch?.writes ?? []) counts[write.chatId] = (counts[write.chatId] ?? 0) + 1;
  return counts;
}
