import type { OidcCallback } from '@fechatter/contract';
import { hashOfToken, refuse, type SigninProvider } from '@fechatter/service-kit';
import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { ProvidedPerson } from '../identity/oidc-providers.ts';

type FlowDeps = Pick<Deps, 'db' | 'providers'>;

const FLOW_SECONDS = 600;
const SECRET_BYTES = 32;

/** A sign-in at a provider that has begun. */
export interface BegunFlow {
  readonly url: string;
  readonly secret: string;
  readonly expiresAt: Date;
}

/** Begins one. What comes back is of use only with its secret, so no other page and no other person can bring it. */
export async function beginFlow({ db, providers }: FlowDeps, provider: SigninProvider): Promise<BegunFlow> {
  const { url, state, nonce, verifier } = await providers.begin(provider);
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  const { rows } = await db.pool.query<{ expiresAt: Date }>(
    `insert into oidc_flows (state_hash, secret_hash, provider, nonce, verifier, expires_at)
     values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6)) returning expires_at as "expiresAt"`,
    [hashOfToken(state), hashOfToken(secret), provider.id, nonce, verifier, FLOW_SECONDS],
  );
  if (rows[0] === undefined) throw new Error('an insert returns its row');
  return { url, secret, expiresAt: rows[0].expiresAt };
}

/**
 * Ends the flow: returns the person. Used, expired and invented responses, and those of another app, are all
 * token_spent.
 */
export async function finishFlow(
  { db, providers }: FlowDeps,
  { state, code, iss, secret }: z.infer<typeof OidcCallback>,
): Promise<ProvidedPerson> {
  // From any caller: a response that others have seen is used up.
  const { rows } = await db.pool.query<{ provider: string; nonce: string; verifier: string; is_own: boolean }>(
    `delete from oidc_flows where state_hash = $1 and expires_at > clock_timestamp()
     returning provider, nonce, verifier, secret_hash = $2 as is_own`,
    [hashOfToken(state), hashOfToken(secret)],
  );
  const provider = providers.list.find(({ id }) => id === rows[0]?.provider);
  if (rows[0]?.is_own !== true || provider === undefined) throw refuse('token_spent');
  const { nonce, verifier } = rows[0];
  return providers.finish(provider, { state, nonce, verifier }, { code, iss });
}
