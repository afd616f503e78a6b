import type { IsSignedIn } from '../http/body-limit.ts';
import { bearerOf } from './bearer.ts';
import type { TokenVerifier } from './verifier.ts';

/** Judges an `Authorization` header by its token alone: whether its session still lives is judged by who acts on it. */
export const isSignedInBy =
  ({ verify }: Pick<TokenVerifier, 'verify'>): IsSignedIn =>
  async (authorization) => {
    const token = bearerOf(authorization);
    if (token === undefined) return false;
    await verify(token);
    return true;
  };
