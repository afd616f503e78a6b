import { able, call, live, type Move, someoneIn } from './choices.ts';
import type { Person } from './people.ts';
import type { Scene, SceneWorkspace } from './scene.ts';

/** Leaves the workspace or is removed by its owner, and returns by an invite; a join may race with it. */
export const goAndReturn: Move = async (scene, chance) => {
  const workspace = chance.pick(scene.workspaces);
  const gone = someoneIn(scene, chance, workspace);
  if (gone === workspace.owner || scene.steady.has(gone)) return;
  const open = live(scene).filter((chat) => chat.workspaceId === workspace.id && chat.chatType === 'PublicChannel');
  const ref = { workspaceId: workspace.id };
  const out = chance.hits(0.5)
    ? call(scene, 'workspace.leave', () => gone.client.workspace.leave.mutate(ref))
    : call(scene, 'workspace.removeMember', () =>
        workspace.owner.client.workspace.removeMember.mutate({ ...ref, userId: gone.id }),
      );
  const joined = open.length > 0 && chance.hits(0.6) ? chance.pick(open) : undefined;
  const racing = joined && call(scene, 'chat.join', () => gone.client.chat.join.mutate({ chatId: joined.id }));
  await Promise.all([out, racing]);
  for (const chat of scene.chats) if (chat.workspaceId === workspace.id) chat.members.delete(gone);
  await comeBack(scene, workspace, gone);
};

/** Is invited again, and accepts. */
export async function comeBack(scene: Scene, workspace: SceneWorkspace, person: Person): Promise<void> {
  const isGuest = workspace === scene.workspaces[0] && scene.guests.has(person);
  const invite = { workspaceId: workspace.id, role: isGuest ? ('Guest' as const) : ('Member' as const) };
  const made = await call(scene, 'workspace.invite', () => workspace.owner.client.workspace.invite.mutate(invite));
  if (made === undefined) return;
  await call(scene, 'workspace.acceptInvite', () => person.client.workspace.acceptInvite.mutate({ token: made.token }));
}

/**
 * Brings back each person whose return had no response: a workspace does not receive the new names of people who have left it.
 */
export async function bringAllBack(scene: Scene): Promise<void> {
  for (const person of able(scene)) {
    const listed = await call(scene, 'workspace.list', () => person.client.workspace.list.query({ limit: 100 }));
    const inside = new Set(listed?.workspaces.map(({ id }) => id));
    for (const workspace of scene.workspaces)
      if (listed !== undefined && workspace.members.has(person) && !inside.has(workspace.id))
        await comeBack(scene, workspace, person);
  }
}

/** Renames a workspace, or makes an invitation and revokes it. */
export const keepWorkspace: Move = async (scene, chance) => {
  const { id: workspaceId, owner } = chance.pick(scene.workspaces);
  const { workspace } = owner.client;
  if (chance.hits(0.5)) {
    const rename = { workspaceId, name: `named ${chance.below(1_000)}`, description: `${chance.below(1_000)}` };
    await call(scene, 'workspace.update', () => workspace.update.mutate(rename));
    return;
  }
  const invite = { workspaceId, role: 'Member' as const };
  const made = await call(scene, 'workspace.invite', () => workspace.invite.mutate(invite));
  if (made === undefined) return;
  const ref = { workspaceId, inviteId: made.id };
  await call(scene, 'workspace.revokeInvite', () => workspace.revokeInvite.mutate(ref));
};

/** Changes the person's name, wherever it is shown. */
export const changeProfile: Move = async (scene, chance) => {
  const person = chance.pick(able(scene));
  const fullName = `${person.name} the ${chance.below(100)}th`;
  await call(scene, 'user.update', () => person.client.user.update.mutate({ fullName }));
};

/** Makes a person a Guest of the first workspace, or a Member again. */
export const changeGuest: Move = async (scene, chance) => {
  const [workspace] = scene.workspaces;
  if (workspace === undefined) return;
  const person = chance.pick(able(scene));
  if (person === workspace.owner || scene.steady.has(person)) return;
  const role = scene.guests.has(person) ? 'Member' : 'Guest';
  const change = { workspaceId: workspace.id, userId: person.id, role } as const;
  const done = await call(scene, 'workspace.setRole', () => workspace.owner.client.workspace.setRole.mutate(change));
  if (done === undefined) return;
  if (role === 'Guest') scene.guests.add(person);
  else scene.guests.delete(person);
};
