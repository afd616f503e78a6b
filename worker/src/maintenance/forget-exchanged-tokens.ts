import { deleteExpired } from './delete-expired.ts';
import type { JobDeps } from './job.ts';

/** A server whose clock is behind the database's by less than this refuses what is forgotten here. */
const LATE_HOURS = 1;

/** Forgets tokens of other issuers and sign-ins at providers that have expired and can no longer be used. */
export async function forgetExchangedTokens(deps: Pick<JobDeps, 'db'>, signal: AbortSignal): Promise<void> {
  await deleteExpired(deps, signal, 'exchanged_tokens', LATE_HOURS);
  await deleteExpired(deps, signal, 'oidc_flows');
}
