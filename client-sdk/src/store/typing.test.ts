import { until } from '@fechatter/testing/until';
import { afterAll, expect, test, vi } from 'vitest';
import type { Event } from '../events/event.ts';
import { counted } from '../testing/calls.ts';
import { quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';
import { OwnTyping } from './own-typing.ts';
import { slices } from './slice.ts';
import { Typing } from './typing.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

test('a typing person is shown until their message arrives, in the chat and in a thread', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const [hers, his] = [alice, bob].map(({ client }) => createStore(client, { backoff: quick.backoff }));
  if (hers === undefined || his === undefined) throw new Error('two stores');
  await his.ready;
  const root = await bob.client.message.send.mutate({ chatId, content: 'a root' });
  const inChat = his.typing(chatId);
  const inThread = his.typing(chatId, root.id);
  let changes = 0;
  inChat.subscribe(() => changes++);
  expect(his.typing(chatId)).toBe(inChat);
  // Signals may be lost: the listener may not be connected yet.
  const type = (threadId?: string) =>
    alice.client.chat.setTyping.mutate({ chatId, ...(threadId !== undefined && { threadId }) });
  await until(async () => {
    await type();
    return inChat.getSnapshot().length === 1;
  }, 'typing in the chat');
  await until(async () => {
    await type(root.id);
    return inThread.getSnapshot().length === 1;
  }, 'typing in the thread');
  expect([inChat.getSnapshot(), inThread.getSnapshot()]).toEqual([[alice.id], [alice.id]]);
  await alice.client.chat.setTyping.mutate({ chatId, threadId: root.id, isTyping: false });
  await until(() => inThread.getSnapshot().length === 0, 'stopped in the thread');
  await hers.send(chatId, 'what she typed').sent;
  await until(() => inChat.getSnapshot().length === 0, 'her message');
  await until(() => changes > 0, 'a subscriber is called');
  hers.close();
  his.close();
});

test('an app reports typing at each key stroke, and the service receives one call', async () => {
  const calls = counted('chat.setTyping');
  const { alice, chatId } = await scene.chatOf('alice', 'bob');
  const { client } = await alice.device({ fetch: calls.fetch });
  const store = createStore(client, { backoff: quick.backoff });
  await store.ready;
  for (let stroke = 0; stroke < 100; stroke++) store.setTyping(chatId);
  store.setTyping(chatId, false);
  for (let stroke = 0; stroke < 100; stroke++) store.setTyping(chatId, false);
  await until(() => calls.count === 2, 'a beginning and its end');
  await store.send(chatId, 'done').sent;
  expect(calls.count).toBe(2);
  store.close();
});

/** The calls that are made, on a simulated clock. */
function typingOf(everyMs = 4_000) {
  const calls: string[] = [];
  const mutate = async ({ isTyping, threadId }: { isTyping?: boolean; threadId?: string }) =>
    void calls.push(`${threadId ?? 'chat'} ${isTyping}`);
  const own = new OwnTyping(
    { chat: { setTyping: { mutate } } } as unknown as ConstructorParameters<typeof OwnTyping>[0],
    everyMs,
  );
  return { calls, own };
}

test('continued typing repeats the call, and typing again sends it as soon as the rate allows', () => {
  vi.useFakeTimers();
  try {
    const { calls, own } = typingOf();
    const strokes = (count: number, threadId: string | null = null) => {
      for (let stroke = 0; stroke < count; stroke++, vi.advanceTimersByTime(100)) own.set('chat', threadId, true);
    };
    strokes(90);
    expect(calls).toEqual(['chat true', 'chat true', 'chat true']);
    own.set('chat', null, false);
    own.set('chat', null, true);
    expect(calls.slice(3)).toEqual(['chat false']);
    vi.advanceTimersByTime(4_000);
    expect(calls.slice(4)).toEqual(['chat true']);
    // A message ends typing without a call, and cancels a pending one.
    own.sent('chat', null);
    own.set('chat', null, true);
    own.sent('chat', null);
    own.set('chat', null, false);
    vi.advanceTimersByTime(10_000);
    expect(calls.slice(5)).toEqual([]);
    strokes(1, 'root');
    expect(calls.slice(5)).toEqual(['root true']);
    own.close();
  } finally {
    vi.useRealTimers();
  }
});

test('a typing person is shown for ten seconds after the last signal, and not after leaving', () => {
  vi.useFakeTimers();
  try {
    const sliceOf = slices();
    const client = {} as ConstructorParameters<typeof Typing>[0]['client'];
    const typing = new Typing({ client, userId: 'me', sliceOf });
    const apply = (event: object) => typing.apply(event as Event);
    const begin = (userId: string, threadId: string | null = null) =>
      apply({ kind: 'typing', chatId: 'chat', threadId, userId, isTyping: true });
    const shown = () => typing.of('chat', null).getSnapshot();
    begin('a');
    vi.advanceTimersByTime(9_000);
    begin('b');
    begin('a');
    vi.advanceTimersByTime(9_999);
    expect(shown()).toEqual(['a', 'b']);
    vi.advanceTimersByTime(1);
    expect(shown()).toEqual([]);
    begin('a');
    begin('b');
    begin('a', 'root');
    apply({ kind: 'message.created', chatId: 'chat', seq: 2, message: { sender: { id: 'a' }, threadId: 'root' } });
    expect([shown(), typing.of('chat', 'root').getSnapshot()]).toEqual([['a', 'b'], []]);
    apply({ kind: 'member.left', chatId: 'chat', seq: 3, userId: 'a' });
    expect(shown()).toEqual(['b']);
    apply({ kind: 'member.left', chatId: 'chat', seq: 4, userId: 'me' });
    expect(shown()).toEqual([]);
    begin('a');
    typing.close();
    expect([shown(), vi.getTimerCount()]).toEqual([[], 0]);
  } finally {
    vi.useRealTimers();
  }
});
