import { eq, schema, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { type Change, type ChangeContext, makeChange } from './change.ts';

const { users } = schema;

/** A change of what others see of a person. */
export interface ProfileChange {
  readonly tx: Tx;
  readonly change: Change;
  /** Tells each workspace that the person is in; the person alone, if in none. */
  readonly announce: () => void;
}

const ATTEMPTS_MAX = 10;

/** Someone was taken into a workspace whose head is not locked, between the look and the locks. */
class JoinedMeanwhile extends Error {}

/**
 * Every change of a person: locks the heads of all their workspaces, then their own row, so that nobody can
 * take them into another one meanwhile (a new membership refers to the row). Heads before rows, always: who was taken
 * into one after the look begins anew. `first` takes what else must be locked between heads and the row.
 */
export async function changeProfile<T>(
  ctx: ChangeContext,
  userId: string,
  work: (profile: ProfileChange) => Promise<T>,
  first: (tx: Tx) => Promise<unknown> = () => Promise.resolve(),
): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    try {
      return await makeChange(ctx, (change) => tryChange(change, userId, work, first));
    } catch (error) {
      if (!(error instanceof JoinedMeanwhile)) throw error;
    }
  }
  throw refuse('busy');
}

async function tryChange<T>(
  change: Change,
  userId: string,
  work: (profile: ProfileChange) => Promise<T>,
  first: (tx: Tx) => Promise<unknown>,
): Promise<T> {
  const { tx } = change;
  const locked = await change.lockWorkspaces(await workspacesOf(tx, userId));
  await first(tx);
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update');
  const audience = await workspacesOf(tx, userId);
  if (!audience.every((id) => locked.has(id))) throw new JoinedMeanwhile();
  return work({
    tx,
    change,
    announce() {
      const details = { subjectId: userId };
      for (const id of audience) change.announceInWorkspace(id, 'user.updated', details);
      if (audience.length === 0) change.announceToUser(userId, 'user.updated', {}, details);
    },
  });
}

async function workspacesOf(tx: Tx, userId: string): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    select workspace_id as id from live_workspace_members where user_id = ${userId} order by 1`);
  return rows.map(({ id }) => id);
}
