import type { FechatterClient } from '@fechatter/client';

/** The token to connect with now; undefined: the session is over. After a refusal, one that is not the refused one. */
export type Bearer = (refused?: string) => Promise<string | undefined>;

/** Before this the SDK keeps the token, which lives for 60 s. */
const OLD_MS = 48_000;

/** Lets a client of the SDK keep the session fresh for a subscriber that uses another library. */
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
