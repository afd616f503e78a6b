import { limits } from '@fechatter/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { world } from './testing/world.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

test('the longest queries reach the service', async () => {
  const { alice, chatId, workspaceId } = await scene.chatOf('alice');
  const { message } = (await alice.device()).client;
  const idsOf = (count: number) => Array.from({ length: count }, () => randomUUID());
  const { messages } = await message.list.query({ chatId, ids: idsOf(limits.messageIdsMax) });
  expect(messages).toEqual([]);
  const { hits } = await message.search.query({
    workspaceId,
    // Three bytes each, and nine characters of a URL.
    query: '東'.repeat(limits.searchQueryMaxChars),
    chatIds: [chatId, ...idsOf(limits.searchChatsMax - 1)],
    from: idsOf(limits.searchSendersMax),
    has: ['link', 'file'],
    after: '2026-01-01',
    before: '2026-12-31',
    timeZone: 'America/Argentina/ComodRivadavia',
  });
  expect(hits).toEqual([]);
});
