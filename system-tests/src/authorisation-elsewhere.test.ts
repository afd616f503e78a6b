import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { chatRows } from './authorisation-chats.ts';
import { cast, stageOf } from './authorisation-stage.ts';
import type { Row } from './authorisation-table.ts';
import { workspaceRows } from './authorisation-workspaces.ts';
import { wires } from './two-wires.ts';
import { type Person, world } from './world.ts';

// Every id of every input, taken from another workspace, another chat or another person. Each call is refused, and leaves
// the database as it was.

const scene = await world({ FECHATTER_LIMITS_SIGNUPS_PER_HOUR: '0' });
afterAll(() => scene[Symbol.asyncDispose]());
const people = await cast(scene);
const at = await stageOf(scene, people, 'Group');
const elsewhere = await stageElsewhere();

/** The foreign id that replaces a key of an input. */
const foreign: Readonly<Record<string, unknown>> = {
  workspaceId: elsewhere.workspaceId,
  chatId: elsewhere.chatId,
  messageId: elsewhere.messageId,
  before: elsewhere.messageId,
  after: elsewhere.messageId,
  inviteId: elsewhere.inviteId,
  userId: people.stranger.id,
  userIds: [people.stranger.id],
  memberIds: [people.stranger.id],
};

const rows: readonly Row[] = [
  ...workspaceRows.map(
    (row): Row => ({ ...row, input: (on) => ({ workspaceId: on.workspaceId, ...row.input?.(on) }) }),
  ),
  ...chatRows('Group'),
];
/** Each row once for each id that its input has. */
const attempts = rows.flatMap((row) => {
  const input = { ...row.input?.(at) } as Record<string, unknown>;
  return Object.keys(input)
    .filter((key) => key in foreign)
    .filter((key) => !(key === 'workspaceId' && row.path === 'workspace.acceptInvite'))
    .map((key) => ({
      name: `${row.path} ${row.about ?? ''} with a foreign ${key}`,
      path: row.path,
      input: { ...input, [key]: foreign[key] },
    }));
});
const callers = { member: people.member, owner: people.owner, wsOwner: people.wsOwner } as const;

test('the attempts name every kind of id', () => {
  const keys = new Set(attempts.flatMap(({ input }) => Object.keys(input)));
  for (const key of ['workspaceId', 'chatId', 'messageId', 'inviteId', 'userId']) expect(keys).toContain(key);
  expect(attempts.length).toBeGreaterThan(40);
});

describe.each(['tRPC', 'REST'] as const)('over %s', (wire) => {
  test.each(attempts.map((attempt) => [attempt.name, attempt] as const))('%s', async (_, { path, input }) => {
    for (const [name, caller] of Object.entries(callers)) await refusedWithoutTrace(wire, name, caller, path, input);
  });

  test('a clientId of a chat in a workspace that the caller was removed from gives no access', async () => {
    const { wsOwner, spare, dave } = people;
    const own = await spare.client.workspace.create.mutate({ name: 'of one’s own' });
    const input = {
      name: 'a chat',
      chatType: 'Single',
      workspaceId: at.workspaceId,
      memberIds: [dave.id],
      clientId: randomUUID(),
    };
    const token = spare.client.session?.token;
    expect(await wires[wire](scene, { path: 'chat.create', input, token })).toMatchObject({ reason: 'ok' });
    await wsOwner.client.workspace.removeMember.mutate({ workspaceId: at.workspaceId, userId: spare.id });
    for (const workspaceId of [own.id, at.workspaceId])
      await refusedWithoutTrace(wire, 'spare', spare, 'chat.create', { ...input, workspaceId });
    const invite = await wsOwner.client.workspace.invite.mutate({ workspaceId: at.workspaceId, role: 'Member' });
    await spare.client.workspace.acceptInvite.mutate({ token: invite.token });
  });
});

async function refusedWithoutTrace(
  wire: keyof typeof wires,
  name: string,
  caller: Person,
  path: string,
  input: object,
) {
  const before = await checksums();
  const { reason } = await wires[wire](scene, { path, input, token: caller.client.session?.token });
  expect({ name, path, reason }).not.toMatchObject({ reason: 'ok' });
  expect({ name, path, tables: await checksums() }).toEqual({ name, path, tables: before });
}

/** A checksum per domain table, which a refusal must not change. */
async function checksums(): Promise<Record<string, string>> {
  const tables = [
    'users',
    'sessions',
    'workspaces',
    'workspace_heads',
    'workspace_members',
    'workspace_invites',
    'chats',
  ];
  const more = ['chat_heads', 'chat_members', 'messages', 'event_log', 'audit_log'];
  const rows = await scene.database.query<{ name: string; sum: string }>(
    [...tables, ...more]
      .map(
        (table) =>
          `select '${table}' as name, md5(coalesce(string_agg(t::text, '' order by t::text), '')) as sum from ${table} t`,
      )
      .join(' union all '),
  );
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
}

/** A workspace of `stranger` with a chat, a message and an invitation, which none of the callers can see. */
async function stageElsewhere() {
  const { client } = people.stranger;
  const { id: workspaceId } = await client.workspace.create.mutate({ name: 'elsewhere' });
  const { id: chatId } = await client.chat.create.mutate({
    workspaceId,
    name: 'a chat',
    chatType: 'Group',
    memberIds: [],
  });
  const { id: messageId } = await client.message.send.mutate({ chatId, content: 'not for you' });
  const { id: inviteId } = await client.workspace.invite.mutate({ workspaceId, role: 'Member' });
  return { workspaceId, chatId, messageId, inviteId };
}
