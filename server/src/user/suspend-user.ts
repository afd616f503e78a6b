import type { Status } from '@fechatter/contract';
import { and, eq, ne, schema, sql } from '@fechatter/drizzle';
import { revokeSessions } from '../auth/revoke-sessions.ts';
import type { Deps } from '../deps.ts';
import { changeProfile, type ProfileChange } from './change-profile.ts';
import { meOf } from './me-row.ts';

const { users } = schema;

/** The operator's: closes an account for the whole deployment. All its sessions end; its memberships stay. */
export async function suspendUser(deps: Deps, userId: string): Promise<void> {
  const ended = await changeProfile(deps, userId, async (profile) => {
    await setStatus(profile, userId, 'Suspended');
    // After the row: a sign-in that passed before it has left its session where this finds it.
    return revokeSessions(profile.change, userId, 'all');
  });
  deps.revoked.add(ended);
}

/** The operator's: opens an account again. Its sessions stay ended. */
export function reinstateUser(deps: Deps, userId: string): Promise<void> {
  return changeProfile(deps, userId, (profile) => setStatus(profile, userId, 'Active'));
}

async function setStatus({ tx, announce }: ProfileChange, userId: string, status: Status): Promise<void> {
  const changed = await tx
    .update(users)
    .set({ status, updatedAt: sql`now()` })
    .where(and(eq(users.id, userId), ne(users.status, status)))
    .returning({ id: users.id });
  if (changed.length > 0) announce();
  else await meOf(tx, userId);
}
