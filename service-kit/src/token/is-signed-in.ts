import type { IsSignedIn } from '../http/body-limit.ts';
import { bearerOf } from './bearer.ts';
import type { TokenVerifier } from './verifier.ts';

/** Checks an `Authorization` header by its token alone; procedures check whether the session is still valid. */
export const isSignedInBy =
  ({ verify }: Pick<TokenVerifier, 'verify'>): IsSignedIn =>
  async (authorization, address) => {
    const token = bearerOf(authorization);
    if (token === undefined) return false;
    await verify(token, address);
    return true;
  };
