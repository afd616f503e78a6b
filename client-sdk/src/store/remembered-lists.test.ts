import { chanceOf } from '@fechatter/testing/chance';
import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import { type Person, quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';
import { readState } from './read-state.ts';
import type { Store } from './store.ts';

const scene = await world({ FECHATTER_CACHE_CHAT_LIST_SECONDS: '300', FECHATTER_CACHE_PROFILE_SECONDS: '300' });
afterAll(() => scene[Symbol.asyncDispose]());

const STEPS = 72;
const STEPS_A_STORE = 12;

/** Asks the server for nothing that it remembers. */
const unremembered: typeof fetch = (url, init) => {
  const headers = new Headers(init?.headers);
  headers.set('cache-control', 'no-cache');
  return fetch(url, { ...init, headers });
};

const byId = <T extends { readonly id: string }>(items: readonly T[]) =>
  [...items].sort((a, b) => (a.id < b.id ? -1 : 1));

/** One change by somebody else of what the reader's list shows; refusals are part of it. */
async function changeByChance(
  chance: ReturnType<typeof chanceOf>,
  writer: Person,
  { reader, workspaceId, chatIds }: { reader: Person; workspaceId: string; chatIds: string[] },
): Promise<void> {
  const { chat, message } = writer.client;
  const chatId = chance.pickIfAny(chatIds) ?? '';
  const which = chance.below(12);
  if (which < 6) await message.send.mutate({ chatId, content: `word ${chance.below(1_000)} <@${reader.id}>` });
  else if (which === 6) {
    const { id } = await chat.create.mutate({ name: 'new', chatType: 'Group', workspaceId, memberIds: [reader.id] });
    chatIds.push(id);
  } else if (which === 7) await chat.update.mutate({ chatId, name: `name ${chance.below(1_000)}` });
  else if (which === 8) await chat.removeMember.mutate({ chatId, userId: reader.id });
  else if (which === 9) await chat.addMembers.mutate({ chatId, userIds: [reader.id] });
  else {
    const newest = (await message.list.query({ chatId, limit: 1 })).messages[0];
    if (newest === undefined) return;
    const ref = { chatId, messageId: newest.id };
    if (which === 10) await message.edit.mutate({ ...ref, content: `edited ${chance.below(1_000)}` });
    else await message.delete.mutate(ref);
  }
}

test('who follows from the cursor of a remembered list misses nothing, while others change what it shows', async () => {
  const { writer, reader, workspaceId, chatId } = await scene.chatOf('writer', 'reader');
  const truthful = await reader.device({ fetch: unremembered });
  const chance = chanceOf(29);
  const chatIds = [chatId];
  const stores: Store[] = [];
  const cursors: string[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    await changeByChance(chance, writer, { reader, workspaceId, chatIds }).catch(() => {});
    if (step % STEPS_A_STORE !== 0) continue;
    cursors.push((await reader.client.chat.list.query({ limit: 100 })).eventCursor);
    const store = createStore(reader.client, { backoff: quick.backoff });
    stores.push(store);
    await store.ready;
  }
  // Otherwise nothing remembered was followed.
  expect(new Set(cursors).size).toBeLessThan(cursors.length);
  await until(async () => {
    const { state } = await readState(truthful.client);
    const truth = byId([...state.chats.values()]);
    const shown = stores.map((store) => byId(store.chats.getSnapshot()));
    return JSON.stringify(shown) === JSON.stringify(stores.map(() => truth));
  }, 'every store shows what a fresh read shows');
  const { state } = await readState(truthful.client);
  for (const store of stores) {
    expect(byId(store.chats.getSnapshot())).toEqual(byId([...state.chats.values()]));
    expect(store.connection.getSnapshot().counts.gap).toBe(0);
    store.close();
  }
});
