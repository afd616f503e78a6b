import type { FechatterClient } from '@fechatter/client';

/**
 * Returns the token to connect with; undefined: the session is over. After a refusal, a token other than the refused
 * one.
 */
export type Bearer = (refused?: string) => Promise<string | undefined>;

/** Until this age the SDK keeps a token, which is valid for 60 s. */
const OLD_MS = 48_000;

/** Uses a client of the SDK to keep the session fresh for a subscriber of another library. */
export function bearerOf(client: FechatterClient): Bearer {
  let token = client.session?.token;
  let sinceMs = performance.now();
  return async (refused) => {
    if (token === refused || performance.now() - sinceMs > OLD_MS) await client.user.me.query().catch(() => {});
    if (token !== client.session?.token) sinceMs = performance.now();
    token = client.session?.token;
    return token;
  };
}
