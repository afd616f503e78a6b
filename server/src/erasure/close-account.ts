import { schema, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { dropFactors } from '../auth/factors-of.ts';
import { revokeSessions } from '../auth/revoke-sessions.ts';
import type { Change, ChangeContext } from '../change/change.ts';
import { closeWorkspace } from '../membership/close-workspace.ts';
import { endInvites } from '../membership/end-invites.ts';
import { hashOfNothing } from '../identity/hash-of-nothing.ts';
import { announcePerson } from '../change/announce-person.ts';
import { changeProfile } from '../change/change-profile.ts';

const { users } = schema;

/**
 * The first step of an erasure, which cannot be undone: the account can no longer be signed in to, its address is
 * free, and all its sessions end. Refused (last_owner) if the person is the only Owner of a workspace with other
 * members; a workspace without other members is deleted. wipeErased does the rest. Returns the sessions that ended;
 * repeating it changes nothing.
 */
export function closeAccount(
  ctx: ChangeContext,
  userId: string,
  check: (tx: Tx) => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  return changeProfile(
    ctx,
    userId,
    async ({ tx, change, announce }) => {
      const { rows } = await tx.execute<{ email: string | null; holds_email: boolean; is_erased: boolean }>(
        sql`select email, holds_email, erased_at is not null as is_erased from users where id = ${userId}`,
      );
      if (rows[0] === undefined) throw refuse('user_not_found');
      if (rows[0].is_erased) return [];
      await check(tx);
      await announce('present and past');
      await handOver(change, userId);
      await endInvites(change, userId, 'closed');
      await forgetPerson(tx, userId);
      if (rows[0].holds_email && rows[0].email !== null) await forgetAddress(tx, rows[0].email);
      change.note('account.erased', { userId });
      return revokeSessions(change, userId, 'all');
    },
    // Locked before the person's row, in the same order as when members are added to chats.
    (tx) =>
      tx.execute(sql`
        select 1 from workspace_members where user_id = ${userId} and left_seq is null
        order by workspace_id for no key update`),
  );
}

interface OwnedWorkspace extends Record<string, unknown> {
  readonly id: string;
  readonly has_others: boolean;
  readonly has_owner: boolean;
  /** Whether it has other members, and whether one of them is an Owner whose account is open. */
  readonly has_active: boolean;
  readonly has_active_owner: boolean;
}

/** From now on another Owner of the workspace must remain, even though this membership ends a little later. */
async function handOver(change: Change, userId: string): Promise<void> {
  const { rows } = await change.tx.execute<OwnedWorkspace>(sql`
    select m.workspace_id as id, coalesce(o.has_others, false) as has_others, coalesce(o.has_owner, false) as has_owner,
      coalesce(o.has_active, false) as has_active, coalesce(o.has_active_owner, false) as has_active_owner
    from live_workspace_members m cross join lateral (
      select count(*) > 0 as has_others, bool_or(x.role = 'Owner') as has_owner,
        bool_or(u.status = 'Active') as has_active, bool_or(u.status = 'Active' and x.role = 'Owner') as has_active_owner
      from live_workspace_members x join users u on u.id = x.user_id and u.erased_at is null
      where x.workspace_id = m.workspace_id and x.user_id <> m.user_id) o
    where m.user_id = ${userId} and m.role = 'Owner' order by 1`);
  if (rows.some(leavesNoOwner)) throw refuse('last_owner');
  for (const { id, has_owner: hasOwner } of rows) {
    if (!hasOwner) {
      await closeWorkspace(change, id);
      continue;
    }
    await change.tx.execute(sql`
      update workspace_members set role = 'Member' where workspace_id = ${id} and user_id = ${userId} and left_seq is null`);
    await announcePerson(change, [id], 'workspace.memberUpdated', { subjectId: userId, facts: { role: 'Member' } });
    change.note('workspace.roleChanged', { workspaceId: id, userId, details: { role: 'Member', roleBefore: 'Owner' } });
  }
}

/** An Owner whose account is closed is enough only if no other account in the workspace is open. */
const leavesNoOwner = (of: OwnedWorkspace): boolean =>
  of.has_others && !(of.has_active ? of.has_active_owner : of.has_owner);

async function forgetPerson(tx: Tx, userId: string): Promise<void> {
  await tx
    .update(users)
    .set({
      email: userId,
      emailVerifiedAt: null,
      holdsEmail: false,
      fullName: '',
      avatarUrl: null,
      passwordHash: hashOfNothing(),
      signupInvite: null,
      status: 'Suspended',
      erasedAt: sql`clock_timestamp()`,
      updatedAt: sql`now()`,
    })
    .where(sql`${users.id} = ${userId}`);
  // What is wiped of the account is wiped of the placeholders that it claimed.
  await tx.execute(sql`
    update users set full_name = '', avatar_url = null, erased_at = clock_timestamp(), updated_at = now()
    where account_id = ${userId} and erased_at is null`);
  await tx.execute(sql`delete from placeholders where user_id = ${userId} or claimed_by = ${userId}`);
  await dropFactors(tx, userId);
  await tx.execute(sql`delete from push_subscriptions where user_id = ${userId}`);
  await tx.execute(sql`delete from mail_jobs where user_id = ${userId}`);
  await tx.execute(sql`delete from mail_tokens where user_id = ${userId}`);
  await tx.execute(sql`delete from mention_digests where user_id = ${userId}`);
  await tx.execute(sql`delete from identities where user_id = ${userId}`);
  await tx.execute(sql`delete from user_preferences where user_id = ${userId}`);
  await tx.execute(sql`delete from blocks where user_id = ${userId} or blocked_id = ${userId}`);
  await tx.execute(sql`delete from custom_statuses where user_id = ${userId}`);
  await tx.execute(sql`delete from presence_activity where user_id = ${userId}`);
}

/** Called for an address that the person held: an account that only claimed it takes nothing away from its owner. */
async function forgetAddress(tx: Tx, email: string): Promise<void> {
  await tx.execute(sql`delete from mail_jobs where lower(address collate "C") = lower(${email}::text collate "C")`);
  await tx.execute(sql`
    delete from placeholders where lower(email collate "C") = lower(${email}::text collate "C") and confirmed_at is null`);
  // Without its address any account could use the invitation.
  await tx.execute(sql`
    update workspace_invites set email = null, revoked_at = coalesce(revoked_at, clock_timestamp())
    where lower(email collate "C") = lower(${email}::text collate "C")`);
}
