import type { Status } from '@fechatter/contract';
import { and, eq, isNull, ne, schema, sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { revokeSessions } from '../auth/revoke-sessions.ts';
import type { Deps } from '../deps.ts';
import { endInvites } from '../membership/end-invites.ts';
import { changeProfile, type ProfileChange } from '../change/change-profile.ts';

const { users } = schema;

/** What it takes to change a person: a server has it, and so has a command of the operator's. */
export interface ProfileDeps extends Pick<Deps, 'db' | 'notifier'> {
  readonly revoked: Pick<Deps['revoked'], 'add'>;
}

/** The operator's: closes an account for the whole deployment. Its sessions and invitations end; its memberships stay. */
export async function suspendUser(deps: ProfileDeps, userId: string): Promise<void> {
  const ended = await changeProfile({ deps }, userId, async (profile) => {
    await setStatus(profile, userId, 'Suspended');
    await endInvites(profile.change, userId, 'closed');
    // After the row: a sign-in that passed before it has left its session where this finds it.
    return revokeSessions(profile.change, userId, 'all');
  });
  deps.revoked.add(ended);
}

/** The operator's: opens an account again. Its sessions and invitations stay ended. */
export function reinstateUser(deps: ProfileDeps, userId: string): Promise<void> {
  return changeProfile({ deps }, userId, (profile) => setStatus(profile, userId, 'Active'));
}

async function setStatus({ tx, change, announce }: ProfileChange, userId: string, status: Status): Promise<void> {
  const account = and(eq(users.id, userId), isNull(users.erasedAt));
  if ((await tx.select({ id: users.id }).from(users).where(account)).length === 0) throw refuse('user_not_found');
  const changed = await tx
    .update(users)
    .set({ status, updatedAt: sql`now()` })
    .where(and(eq(users.id, userId), ne(users.status, status)))
    .returning({ id: users.id });
  if (changed.length === 0) return;
  announce();
  change.note(status === 'Suspended' ? 'account.suspended' : 'account.reinstated', { userId });
}
