import { afterAll, expect, test } from 'vitest';
import { testServer } from '../testing/index.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const alice = await app.signUp('alice');
const bob = await app.signUp('bob');

test('an Admin changes what is given and leaves the rest; null clears', async () => {
  const { id: workspaceId } = await stagedWorkspace(alice, { Admin: [bob] });
  const { update } = bob.trpc.workspace;
  const named = await update.mutate({ workspaceId, name: 'New', description: 'text' });
  expect(named).toMatchObject({ name: 'New', description: 'text', role: 'Admin', lastSeq: 3 });
  expect(await update.mutate({ workspaceId, name: 'Newer' })).toMatchObject({ name: 'Newer', description: 'text' });
  const cleared = await update.mutate({ workspaceId, description: null });
  expect(cleared).toMatchObject({ name: 'Newer', description: null, lastSeq: 5 });
  expect(cleared.updatedAt.getTime()).toBeGreaterThan(cleared.createdAt.getTime());
  expect((await app.events()).slice(-1)).toMatchObject([{ kind: 'workspace.updated', workspaceId, workspaceSeq: 5 }]);
});

test('an update without a change has no event', async () => {
  const { id: workspaceId, ...before } = await stagedWorkspace(alice);
  await alice.trpc.workspace.update.mutate({ workspaceId });
  const after = await alice.trpc.workspace.update.mutate({ workspaceId, name: before.name, description: null });
  expect(after).toEqual({ id: workspaceId, ...before });
});
