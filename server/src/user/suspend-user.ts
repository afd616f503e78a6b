import type { Status } from '@fechatter/contract';
import { and, eq, isNull, ne, schema, sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { revokeSessions } from '../auth/revoke-sessions.ts';
import type { Deps } from '../deps.ts';
import { endInvites } from '../membership/end-invites.ts';
import type { ChangeContext } from '../change/change.ts';
import { changeProfile, type ProfileChange } from '../change/change-profile.ts';

const { users } = schema;

/** The dependencies of a change to a person, for servers and operators' commands. */
export interface ProfileDeps extends Pick<Deps, 'db' | 'notifier'> {
  readonly revoked: Pick<Deps['revoked'], 'add'>;
}

/** Who acts, if it is not the operator: an app, with its key. */
type By = Pick<ChangeContext, 'address' | 'requestId' | 'serviceKey'>;

/**
 * For the operator: suspends an account in the whole deployment. Its sessions and invitations end; its memberships
 * stay.
 */
export async function suspendUser(deps: ProfileDeps, userId: string, by: By = {}): Promise<void> {
  const ended = await changeProfile({ deps, ...by }, userId, async (profile) => {
    await setStatus(profile, userId, 'Suspended');
    await endInvites(profile.change, userId, 'closed');
    // After the row lock: the session of a sign-in that finished before it is found here.
    return revokeSessions(profile.change, userId, 'all');
  });
  deps.revoked.add(ended);
}

/** For the operator: reactivates an account. Its sessions and invitations stay ended. */
export function reinstateUser(deps: ProfileDeps, userId: string, by: By = {}): Promise<void> {
  return changeProfile({ deps, ...by }, userId, (profile) => setStatus(profile, userId, 'Active'));
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
  await announce();
  change.note(status === 'Suspended' ? 'account.suspended' : 'account.reinstated', { userId });
}
