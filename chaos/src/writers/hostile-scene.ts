import type { Chance } from '@fechatter/testing/chance';
import { type Person, signUp } from './people.ts';
import { mustSucceed, type CallTally } from './retry.ts';
import type { SceneWorkspace } from './scene.ts';
import type { Backends } from './sdk-client.ts';

/** A hostile member with their own group. */
export interface HostileMember {
  readonly person: Person;
  readonly groupId: string;
}

/** Signs up hostile members; the owner of a workspace invites them as it invites others. */
export async function letIn(
  backends: Backends,
  chance: Chance,
  tally: CallTally,
  workspace: SceneWorkspace | undefined,
  count: number,
): Promise<readonly HostileMember[]> {
  const hostile: HostileMember[] = [];
  if (workspace === undefined) return hostile;
  for (let n = 0; n < count; n++) {
    const person = await signUp(backends, chance.fork(), `hostile-${n}`);
    const workspaceId = workspace.id;
    const invite = await mustSucceed(tally, 'workspace.invite', () =>
      workspace.owner.client.workspace.invite.mutate({ workspaceId, role: 'Member' }),
    );
    await mustSucceed(tally, 'workspace.acceptInvite', () =>
      person.client.workspace.acceptInvite.mutate({ token: invite.token }),
    );
    const group = { workspaceId, chatType: 'Group' as const, name: 'a trap', memberIds: [] };
    const { id } = await mustSucceed(tally, 'chat.create', () => person.client.chat.create.mutate(group));
    hostile.push({ person, groupId: id });
  }
  return hostile;
}
