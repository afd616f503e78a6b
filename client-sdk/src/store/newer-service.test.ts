import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import { listen } from '../testing/listen.ts';
import { newerService } from '../testing/newer-service.ts';
import { quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';
import type { Store } from './store.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

/** The same over responses that cannot be streams. */
const polled: typeof fetch = async (url, init) => {
  const response = await newerService(url, init);
  if (response.headers.get('content-type')?.includes('event-stream') !== true) return response;
  void response.body?.cancel();
  return { ok: true, status: 200, headers: response.headers } as Response;
};

/** What a store shows, without the unknown keys. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'colour' ? undefined : inner)));

test.each([
  ['streams', 'stream', newerService],
  ['polling', 'polling', polled],
] as const)('over %s, unknown parts of a newer service are ignored', async (_, transport, fetch) => {
  const { alice, bob, chatId, workspaceId } = await scene.chatOf('alice', 'bob');
  const phone = await bob.device({ fetch });
  const [ours, plainOne] = [phone.client, bob.client].map((client) => createStore(client, { backoff: quick.backoff }));
  if (ours === undefined || plainOne === undefined) throw new Error('there are two');
  await Promise.all([ours.ready, plainOne.ready]);
  const listening = await listen(phone.client);
  const { message, thread, chat } = alice.client;
  const root = await message.send.mutate({ chatId, content: 'root' });
  const ref = { chatId, messageId: root.id };
  const watch = (store: Store) =>
    [store.messages(chatId), store.thread(chatId, root.id), store.threads(workspaceId), store.saved].map((slice) =>
      slice.subscribe(() => {}),
    );
  watch(ours);
  watch(plainOne);
  await message.send.mutate({ chatId, content: `for <@${bob.id}>`, threadId: root.id });
  await message.react.mutate({ ...ref, emoji: '👍' });
  await message.pin.mutate(ref);
  await bob.client.message.save.mutate(ref);
  await thread.follow.mutate({ chatId, rootId: root.id });
  await chat.update.mutate({ chatId, topic: 'new' });
  await bob.client.user.setPreferences.mutate({ showReceipts: false });
  await bob.client.chat.markRead.mutate({ chatId, number: 1 });
  const gone = await message.send.mutate({ chatId, content: 'gone' });
  await message.delete.mutate({ chatId, messageId: gone.id });
  // A whole message has what the event of an unknown kind changed.
  await message.edit.mutate({ ...ref, content: 'root!' });
  await message.send.mutate({ chatId, content: 'last' });

  const shown = (store: Store) =>
    plain([
      store.chats.getSnapshot(),
      store.chat(chatId).getSnapshot(),
      store.messages(chatId).getSnapshot(),
      store.thread(chatId, root.id).getSnapshot(),
      store.threads(workspaceId).getSnapshot(),
      store.saved.getSnapshot(),
    ]);
  const isThere = (store: Store) => store.chat(chatId).getSnapshot()?.lastMessage?.content === 'last';
  await until(() => isThere(ours) && isThere(plainOne), 'both stores go on');
  await expect.poll(() => shown(ours)).toEqual(shown(plainOne));
  expect(ours.messages(chatId).getSnapshot().entries[0]?.message?.pinnedAt).toBeInstanceOf(Date);
  const kinds = listening.events.map(({ kind }): string => kind);
  expect(kinds).toEqual(expect.arrayContaining(['message.framed', 'chat.danced']));
  expect(kinds).not.toContain('message.pinned');
  expect(listening.details.at(-1)).toMatchObject({ status: 'live' });
  expect(listening.details.some((details) => details.transport === transport)).toBe(true);
  expect([listening.errors, listening.counts]).toMatchObject([[], { duplicate: 0, gap: 0, healed: 0 }]);
  ours.close();
  plainOne.close();
});
