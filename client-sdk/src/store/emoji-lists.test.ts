import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import { quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

test('a store shows the emoji of a workspace as they come and go, until the person leaves it', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const { workspaceId } = await alice.client.chat.get.query({ chatId });
  const picture = async () => {
    const { fileId } = await alice.client.file.begin.mutate({ workspaceId, name: 'x', size: 0 });
    await scene.database.query("update files set state = 'Ready', width = 1, height = 1 where id = $1", [fileId]);
    return fileId;
  };
  const create = async (name: string) => {
    const fileId = await picture();
    await alice.client.emoji.create.mutate({ workspaceId, name, fileId });
    return fileId;
  };
  const first = await create('first');
  const store = createStore(bob.client, { backoff: quick.backoff });
  await store.ready;
  const emoji = store.emoji(workspaceId);
  expect(emoji.getSnapshot()).toBeUndefined();
  emoji.subscribe(() => {});
  const shown = () => emoji.getSnapshot() && Object.fromEntries(emoji.getSnapshot() ?? []);
  await until(() => shown()?.['first'] === first, 'it was read');
  const second = await create('second');
  await until(() => shown()?.['second'] === second, 'the new one');
  await alice.client.emoji.delete.mutate({ workspaceId, name: 'first' });
  await until(() => shown()?.['first'] === undefined, 'the deleted one is gone');
  expect(shown()).toEqual({ second });
  await alice.client.workspace.removeMember.mutate({ workspaceId, userId: bob.id });
  await until(() => emoji.getSnapshot() === undefined, 'he is not in it any more');
  store.close();
});
