import type { JobDeps } from './job.ts';

/** A server whose clock is behind the database's by less than this refuses what is forgotten here. */
const LATE_HOURS = 1;

/** Forgets tokens of other issuers and sign-ins at providers that have expired: nobody can use them any more. */
export async function forgetExchangedTokens({ db }: Pick<JobDeps, 'db'>): Promise<void> {
  await db.pool.query('delete from exchanged_tokens where expires_at < now() - make_interval(hours => $1)', [
    LATE_HOURS,
  ]);
  await db.pool.query('delete from oidc_flows where expires_at < now()');
}
