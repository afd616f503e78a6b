import { eq, schema, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { announcePerson } from './announce-person.ts';
import { type Change, type ChangeContext, makeChange } from './change.ts';

const { users } = schema;

/** A change of a person's profile. */
export interface ProfileChange {
  readonly tx: Tx;
  readonly change: Change;
  /** Announces the change to each workspace of the person, or only to the person if they are in none. */
  readonly announce: () => Promise<void>;
}

const ATTEMPTS_MAX = 10;

/** The person joined a workspace whose head is not locked, between the first read and the locks. */
class JoinedMeanwhile extends Error {}

/**
 * Every change of a person: locks the heads of all their workspaces, then their own row, so that they cannot join
 * another workspace meanwhile (a new membership refers to the row). Heads always come before rows: if the person joined
 * one after the first read, the change starts again. `first` takes further locks between the heads and the row.
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
    async announce() {
      const details = { subjectId: userId };
      await announcePerson(change, audience, 'user.updated', details);
      if (audience.length === 0) change.announceToUser(userId, 'user.updated', {}, details);
    },
  });
}

async function workspacesOf(tx: Tx, userId: string): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    select workspace_id as id from live_workspace_members where user_id = ${userId} order by 1`);
  return rows.map(({ id }) => id);
}
