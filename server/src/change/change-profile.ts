import { eq, schema, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { announcePerson, type NamedChats } from './announce-person.ts';
import { type Change, type ChangeContext, makeChange } from './change.ts';

const { users } = schema;

/** A change of a person's profile. */
export interface ProfileChange {
  readonly tx: Tx;
  readonly change: Change;
  /** Announces the change to each workspace of the person, or only to the person if they are in none. */
  readonly announce: (named?: NamedChats) => Promise<void>;
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
  const before = await placeholdersOf(tx, userId);
  const locked = await change.lockWorkspaces([
    ...(await workspacesOf(tx, userId)),
    ...before.map((p) => p.workspaceId),
  ]);
  await first(tx);
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update');
  const audience = await workspacesOf(tx, userId);
  const placeholders = await placeholdersOf(tx, userId);
  if (![...audience, ...placeholders.map((p) => p.workspaceId)].every((id) => locked.has(id)))
    throw new JoinedMeanwhile();
  return work({
    tx,
    change,
    async announce(named) {
      const details = { subjectId: userId };
      await announcePerson(change, audience, 'user.updated', details, named);
      if (audience.length === 0) change.announceToUser(userId, 'user.updated', {}, details);
      await copyProfile(tx, userId);
      for (const { id, workspaceId } of placeholders)
        await announcePerson(change, [workspaceId], 'user.updated', { subjectId: id });
    },
  });
}

interface OwnPlaceholder extends Record<string, unknown> {
  readonly id: string;
  readonly workspaceId: string;
}

/** The placeholders of imports that the person has claimed, in workspaces that exist. */
async function placeholdersOf(tx: Tx, userId: string): Promise<OwnPlaceholder[]> {
  const { rows } = await tx.execute<OwnPlaceholder>(sql`
    select u.id, p.workspace_id as "workspaceId" from users u join placeholders p on p.user_id = u.id
    join workspaces w on w.id = p.workspace_id and w.deleted_at is null
    where u.account_id = ${userId} order by u.id`);
  return rows;
}

/** They are shown as the person is. */
export const copyProfile = (tx: Tx, userId: string) =>
  tx.execute(sql`
    update users p set full_name = a.full_name, avatar_url = a.avatar_url, updated_at = now()
    from users a where a.id = ${userId} and p.account_id = a.id and p.erased_at is null`);

async function workspacesOf(tx: Tx, userId: string): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    select workspace_id as id from live_workspace_members where user_id = ${userId} order by 1`);
  return rows.map(({ id }) => id);
}
