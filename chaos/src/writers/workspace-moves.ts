import { able, call, live, type Move, someoneIn } from './choices.ts';
import type { Person } from './people.ts';
import type { Scene, SceneWorkspace } from './scene.ts';

/** Out of the workspace, by oneself or by its owner, and back by an invite; a join may race with it. */
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
  const invite = { workspaceId: workspace.id, role: 'Member' as const };
  const made = await call(scene, 'workspace.invite', () => workspace.owner.client.workspace.invite.mutate(invite));
  if (made === undefined) return;
  await call(scene, 'workspace.acceptInvite', () => person.client.workspace.acceptInvite.mutate({ token: made.token }));
}

/** Is called otherwise from now on, wherever they are shown. */
export const changeProfile: Move = async (scene, chance) => {
  const person = chance.pick(able(scene));
  const fullName = `${person.name} the ${chance.below(100)}th`;
  await call(scene, 'user.update', () => person.client.user.update.mutate({ fullName }));
};
