import { schema } from '@fechatter/drizzle';
import { v7 as uuidv7 } from 'uuid';
import type { Change } from '../change/change.ts';

/** Inserts a workspace with its first member, who owns it, and announces it. Returns its id. */
export async function beginWorkspace(
  change: Change,
  userId: string,
  { name, description }: { readonly name: string; readonly description: string | null },
): Promise<string> {
  const id = uuidv7();
  await change.tx.insert(schema.workspaces).values({ id, name, description });
  await change.tx.insert(schema.workspaceHeads).values({ workspaceId: id });
  change.addNewHead('workspace', id, id);
  const joinedSeq = change.announceInWorkspace(id, 'workspace.memberJoined', {
    subjectId: userId,
    facts: { role: 'Owner' },
  });
  await change.tx.insert(schema.workspaceMembers).values({ workspaceId: id, userId, role: 'Owner', joinedSeq });
  change.note('workspace.created', { workspaceId: id });
  return id;
}
