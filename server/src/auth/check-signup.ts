import { sql, type Tx } from '@fechatter/drizzle';
import { hashOfToken, refuse } from '@fechatter/service-kit';
import type { Deps } from '../deps.ts';

/** Refuses sign-ups that the operator does not allow. Within a transaction pass that, so that it takes one connection. */
export async function checkSignup(
  tx: Pick<Tx, 'execute'>,
  { config }: Pick<Deps, 'config'>,
  email: string,
  inviteToken: string | undefined,
): Promise<void> {
  const { signupMode } = config.auth;
  if (signupMode === 'closed') throw refuse('signup_closed');
  checkDomain(config, email);
  if (signupMode === 'open') return;
  const { rows } = await tx.execute(sql`
    select 1 from workspace_invites i join workspaces w on w.id = i.workspace_id and w.deleted_at is null
    where i.token_hash = ${hashOfToken(inviteToken ?? '')} and i.revoked_at is null and i.expires_at > clock_timestamp()
      and i.uses < i.max_uses and (i.email is null or lower(i.email collate "C") = lower(${email}::text collate "C"))`);
  if (rows.length === 0) throw refuse('invitation_needed');
}

/** Refuses addresses of domains that the operator does not allow. */
export function checkDomain({ auth }: Pick<Deps['config'], 'auth'>, email: string): void {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  if (auth.signupDomains.length > 0 && !auth.signupDomains.includes(domain)) throw refuse('domain_not_allowed');
}
