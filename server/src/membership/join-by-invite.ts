import type { Role } from '@fechatter/contract';
import { schema, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { mustBeProved } from '../access/must-be-proved.ts';
import type { ChangeContext } from '../change/change.ts';
import { makeChange } from '../change/change.ts';
import type { Deps } from '../deps.ts';
import { checkMemberships, lockMemberships } from '../limits/quotas.ts';

interface JoinContext extends ChangeContext {
  readonly deps: Pick<Deps, 'config' | 'db' | 'notifier'>;
}

/**
 * Makes the person a member of the invitation's workspace, and returns its id. If they are a member already, no use is
 * counted.
 */
export function joinByInvite(ctx: JoinContext, userId: string, tokenHash: Buffer): Promise<string> {
  const { config } = ctx.deps;
  return makeChange(ctx, async (change) => {
    await lockMemberships(change.tx, userId);
    const workspaceId = await workspaceOfInvite(change.tx, tokenHash);
    await change.lockWorkspaces([workspaceId]);
    const invite = await findInvite(change.tx, tokenHash, userId);
    if (invite.is_member) return workspaceId;
    if (invite.is_bound && !invite.is_proved) throw refuse('email_unverified');
    await mustBeProved(change.tx, userId, config);
    await checkMemberships(change.tx, userId, config.limits, 'member');
    await spendUse(change.tx, tokenHash);
    const { id: inviteId, role } = invite;
    const joinedSeq = change.announceInWorkspace(workspaceId, 'workspace.memberJoined', {
      subjectId: userId,
      facts: { role },
    });
    await change.tx.insert(schema.workspaceMembers).values({ workspaceId, userId, role, joinedSeq });
    change.note('workspace.memberJoined', { workspaceId, userId, details: { inviteId, role } });
    return workspaceId;
  });
}

/** Read before the lock: it never changes. */
async function workspaceOfInvite(tx: Tx, tokenHash: Buffer): Promise<string> {
  const { rows } = await tx.execute<{ workspace_id: string }>(
    sql`select workspace_id from workspace_invites where token_hash = ${tokenHash}`,
  );
  if (rows[0] === undefined) throw refuse('invite_not_found');
  return rows[0].workspace_id;
}

type FoundInvite = Readonly<{ id: string; role: Role; is_member: boolean; is_bound: boolean; is_proved: boolean }>;

async function findInvite(tx: Tx, tokenHash: Buffer, userId: string): Promise<FoundInvite> {
  const { rows } = await tx.execute<FoundInvite>(sql`
    select i.id, i.role, i.email is not null as is_bound, u.email_verified_at is not null as is_proved, exists (
      select 1 from live_workspace_members m
      where m.workspace_id = i.workspace_id and m.user_id = ${userId}) as is_member
    from workspace_invites i
    join workspaces w on w.id = i.workspace_id and w.deleted_at is null
    join users u on u.id = ${userId} and u.status = 'Active'
    where i.token_hash = ${tokenHash} and i.revoked_at is null and i.expires_at > clock_timestamp()
      and (i.email is null or lower(i.email collate "C") = lower(u.email collate "C"))
      and (i.uses < i.max_uses or exists (
        select 1 from live_workspace_members m where m.workspace_id = i.workspace_id and m.user_id = ${userId}))
    for key share of u`);
  if (rows[0] === undefined) throw refuse('invite_not_found');
  return rows[0];
}

async function spendUse(tx: Tx, tokenHash: Buffer): Promise<void> {
  const { rowCount } = await tx.execute(sql`
    update workspace_invites set uses = uses + 1 where token_hash = ${tokenHash} and uses < max_uses`);
  if (rowCount === 0) throw refuse('invite_not_found');
}
