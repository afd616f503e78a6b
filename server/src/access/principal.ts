import { bearerOf, type Principal, principalOf, refuse } from '@fechatter/service-kit';
import type { Context } from '../context.ts';

/** The caller, by the `Authorization` header; throws if there is none, or if the session has ended. */
export async function authenticate({ authorization, address, deps }: Context): Promise<Principal> {
  const token = bearerOf(authorization);
  if (token === undefined) throw refuse(authorization === undefined ? 'not_signed_in' : 'token_invalid');
  const verified = await deps.tokens.verify(token, address);
  if (await deps.revoked.has(verified.sessionId)) throw refuse('session_revoked');
  return principalOf(verified);
}
