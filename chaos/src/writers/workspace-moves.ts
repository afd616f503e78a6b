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

/** Is invited anew, and accepts. */
export async function comeBack(scene: Scene, workspace: SceneWorkspace, person: Person): Promise<void> {
  const isGuest = workspace === scene.workspaces[0] && scene.guests.has(person);
  const invite = { workspaceId: workspace.id, role: isGuest ? ('Guest' as const) : ('Member' as const) };
  const made = await call(scene, 'workspace.invite', () => workspace.owner.client.workspace.invite.mutate(invite));
  if (made === undefined) return;
  await call(scene, 'workspace.acceptInvite', () => person.client.workspace.acceptInvite.mutate({ token: made.token }));
}

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
