import type { ChatType } from '@fechatter/contract';
import { afterAll, describe, expect, test } from 'vitest';
import { chatRows } from './authorisation-chats.ts';
import { type Actor, actors, cast, type People, type Stage, stageOf } from './authorisation-stage.ts';
import { ownRows, type Row, type Verdict } from './authorisation-table.ts';
import { workspaceRows } from './authorisation-workspaces.ts';
import { everyProcedure, overTrpc, procedureOf, wires } from './two-wires.ts';
import { PASSWORD, type World, world } from './world.ts';

type Wire = keyof typeof wires;

/** The environment of the calls over one wire. */
export interface Matrix {
  readonly scene: World;
  readonly people: People;
  /** A fresh workspace with a chat of this type. */
  readonly stage: (chatType: ChatType) => Promise<Stage>;
}

const nameOf = ({ path, about }: Row) => (about ? `${path} (${about})` : path);
const inWorkspace = workspaceRows.map((row): Row => {
  if (row.path === 'workspace.acceptInvite') return row;
  return { ...row, input: (at) => ({ workspaceId: at.workspaceId, ...row.input?.(at) }) };
});

/** Tests every procedure as every actor over one wire, against the tables of expected results. */
export async function matrixOver(wire: Wire): Promise<Matrix> {
  const scene = await world({
    FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '0',
    FECHATTER_LIMITS_SIGNUPS_PER_HOUR: '0',
    FECHATTER_MAIL_VIA: 'files',
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  const people = await cast(scene);
  await scene
    .signUp('someone')
    .then(({ client }) => client.auth.signup.mutate({ email: 'taken@example.com', password: PASSWORD, fullName: 'T' }));

  const stages = new Map<ChatType, Promise<Stage>>();
  function stage(chatType: ChatType): Promise<Stage> {
    const known = stages.get(chatType) ?? stageOf(scene, people, chatType);
    stages.set(chatType, known);
    return known;
  }

  let newcomers = 0;
  /** The caller's token; that of a new session if the call ends sessions. */
  async function tokenOf(actor: Actor, { endsSession }: Row): Promise<string | undefined> {
    if (actor === 'anonymous') return undefined;
    if (!endsSession || actor === 'suspended') return people[actor].client.session?.token;
    newcomers += 1;
    const input = { email: `newcomer-${newcomers}@example.com`, password: PASSWORD, fullName: 'N' };
    const { result } = await overTrpc(scene, { path: 'auth.signup', input });
    return (result as { token: string }).token;
  }

  let cells = 0;
  let made = 0;
  async function verdictOf(row: Row, at: Stage, actor: Actor): Promise<Verdict> {
    const token = await tokenOf(actor, row);
    cells += 1;
    return (await wires[wire](scene, { path: row.path, input: row.input?.(at), token })).reason;
  }
  async function verdictsOf(row: Row, chatType: ChatType) {
    if (procedureOf(row.path).type === 'query') {
      const at = await stage(chatType);
      const verdicts = await Promise.all(actors.map((actor) => verdictOf(row, at, actor)));
      return Object.fromEntries(actors.map((actor, n) => [actor, verdicts[n]]));
    }
    const verdicts: Partial<Record<Actor, Verdict>> = {};
    for (const actor of actors) {
      const at = await stage(chatType);
      const reason = await verdictOf(row, at, actor);
      verdicts[actor] = reason;
      if (reason === 'ok' && row.spends) {
        stages.delete(chatType);
        // A person who joined by an invitation must not share a workspace with the others afterwards.
        await people.wsOwner.client.workspace.delete.mutate({ workspaceId: at.workspaceId }).catch(() => {});
        made += 1;
      }
    }
    return verdicts;
  }

  test('the tables have every procedure', () => {
    const called = everyProcedure.filter(({ type }) => type !== 'subscription').map(({ path }) => path);
    const rows = [...ownRows, ...workspaceRows, ...chatRows('Group')].map(({ path }) => path);
    expect([...new Set(rows)].sort()).toEqual([...called].sort());
  });

  test.each([...ownRows, ...inWorkspace].map((row) => [nameOf(row), row] as const))('%s', async (_, row) => {
    expect(await verdictsOf(row, 'Group')).toEqual(row.verdicts);
  });

  describe.each(['Group', 'PrivateChannel', 'PublicChannel', 'Single'] as const)('in a %s', (chatType) => {
    test.each(chatRows(chatType).map((row) => [nameOf(row), row] as const))('%s', async (_, row) => {
      expect(await verdictsOf(row, chatType)).toEqual(row.verdicts);
    });
  });

  test('what was tried', () => {
    console.log(
      `authorisation over ${wire}: ${cells} calls as ${actors.length} kinds of people, on ${made + 5} stages`,
    );
    expect(cells).toBeGreaterThan(1_000);
  });
  return { scene, people, stage };
}

/** Tests that ids of another workspace or chat are refused, for callers who have the permission in their own. */
export function idsOfElsewhere(wire: Wire, { scene, people, stage }: Matrix): void {
  test('an id of elsewhere is no way in', async () => {
    const [at, elsewhere] = [await stage('Group'), await stage('PrivateChannel')];
    const { owner, wsOwner } = people;
    const inOwnWorkspace = { workspaceId: at.workspaceId };
    const inOwnChat = { chatId: at.chatId };
    const theirs = { ...inOwnChat, messageId: elsewhere.messageIds.member };
    const rows = [
      [wsOwner, 'workspace.revokeInvite', { ...inOwnWorkspace, inviteId: elsewhere.inviteId }, 'invite_not_found'],
      [owner, 'message.get', theirs, 'message_not_found'],
      [owner, 'message.edit', { ...theirs, content: 'x' }, 'message_not_found'],
      [owner, 'message.delete', theirs, 'message_not_found'],
      [owner, 'message.react', { ...theirs, emoji: '👍' }, 'message_not_found'],
      [owner, 'message.reactors', { ...theirs, emoji: '👍' }, 'message_not_found'],
      [owner, 'message.list', { ...inOwnChat, before: elsewhere.messageIds.member }, 'message_not_found'],
      [owner, 'message.list', { ...inOwnChat, after: elsewhere.messageIds.member }, 'message_not_found'],
      [owner, 'chat.removeMember', { ...inOwnChat, userId: people.stranger.id }, 'member_not_found'],
      [owner, 'chat.get', { chatId: at.workspaceId }, 'chat_not_found'],
      [wsOwner, 'workspace.get', { workspaceId: at.chatId }, 'workspace_not_found'],
    ] as const;
    for (const [who, path, input, expected] of rows) {
      const token = who.client.session?.token;
      expect([path, (await wires[wire](scene, { path, input, token })).reason]).toEqual([path, expected]);
    }
  });
}
