import { afterAll, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { refusal, testServer } from '../testing/index.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const alice = await app.signUp('alice');
const bob = await app.signUp('bob');

test('the creator owns a new workspace, and its creation is the first event', async () => {
  const made = await alice.trpc.workspace.create.mutate({ name: 'Space', description: 'for all' });
  expect(made).toMatchObject({ name: 'Space', description: 'for all', role: 'Owner', lastSeq: 1 });
  expect(made.createdAt).toBeInstanceOf(Date);
  expect(await alice.trpc.workspace.get.query({ workspaceId: made.id })).toEqual(made);
  expect((await app.events()).at(-1)).toMatchObject({
    kind: 'workspace.memberJoined',
    workspaceId: made.id,
    workspaceSeq: 1,
    subjectId: alice.id,
    facts: { role: 'Owner' },
  });
});

test('a name is required, a description is not', async () => {
  const { workspace } = alice.trpc;
  expect(await workspace.create.mutate({ name: 'n' })).toMatchObject({ description: null });
  for (const input of [{ name: '' }, { name: '  ' }, { name: 'x'.repeat(101) }, { name: 'a\uD800' }])
    expect(await refusal(workspace.create.mutate(input))).toMatchObject({ reason: 'invalid_input' });
  expect(await refusal(workspace.create.mutate({ name: 'n', description: 'x'.repeat(1001) }))).toMatchObject({
    reason: 'invalid_input',
  });
  expect(await refusal(app.anonymous.workspace.create.mutate({ name: 'n' }))).toMatchObject({
    reason: 'not_signed_in',
  });
});

test('a list has the caller’s workspaces, page by page, with the caller’s role', async () => {
  const zoe = await app.signUp('zoe');
  const made = await Promise.all([1, 2, 3].map((n) => zoe.trpc.workspace.create.mutate({ name: `w${n}` })));
  await stagedWorkspace(bob);
  const joined = await stagedWorkspace(bob, { Member: [zoe] });
  const all = await zoe.trpc.workspace.list.query();
  expect(all.nextCursor).toBeNull();
  expect(new Set(all.workspaces.map(({ id, role }) => `${id} ${role}`))).toEqual(
    new Set([...made.map(({ id }) => `${id} Owner`), `${joined.id} Member`]),
  );

  const seen: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await zoe.trpc.workspace.list.query({ limit: 3, ...(cursor && { cursor }) });
    seen.push(...page.workspaces.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(all.workspaces.map(({ id }) => id));
  await zoe.trpc.workspace.leave.mutate({ workspaceId: joined.id });
  expect((await zoe.trpc.workspace.list.query({})).workspaces).toHaveLength(3);
});

test('a cursor of another list, or garbage, is refused', async () => {
  const { workspace } = alice.trpc;
  const space = await stagedWorkspace(alice, { Member: [bob] });
  const { nextCursor } = await workspace.members.query({ workspaceId: space.id, limit: 1 });
  for (const cursor of [nextCursor ?? '', 'garbage', 'W10', '💥'])
    expect(await refusal(workspace.list.query({ cursor }))).toMatchObject({ reason: 'invalid_cursor' });
  expect(await brokenRules(app.database)).toEqual({});
});
