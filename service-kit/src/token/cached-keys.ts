import type { JWK } from 'jose';

/**
 * The source of public keys. It returns the same object for the same key each time, so that the key is imported once.
 */
export interface KeySource {
  readonly get: (kid: string) => Promise<JWK | undefined>;
}

export interface PublishedKey {
  readonly kid: string;
  readonly jwk: JWK;
}

export interface CachedKeys extends KeySource {
  /** Reads the keys now: at start, so that the first call does not wait. */
  readonly load: () => Promise<void>;
}

const REREAD_MS = 10_000;

/**
 * Keys in memory, read again on an unknown kid: at most once in 10 s, so that invented kids cannot load the database. A
 * key is published a minute before it signs.
 */
export function cachedKeys(
  load: () => Promise<readonly PublishedKey[]>,
  { nowMs = () => performance.now() }: { readonly nowMs?: () => number } = {},
): CachedKeys {
  let keys: ReadonlyMap<string, JWK> | undefined;
  let reading: Promise<void> | undefined;
  let triedAtMs = Number.NEGATIVE_INFINITY;

  const read = (): Promise<void> => {
    reading ??= (async () => {
      triedAtMs = nowMs();
      try {
        const known = keys;
        keys = new Map((await load()).map(({ kid, jwk }) => [kid, sameOr(known?.get(kid), jwk)]));
      } finally {
        reading = undefined;
      }
    })();
    return reading;
  };

  return {
    load: read,
    async get(kid) {
      if (!keys) await read();
      const known = keys?.get(kid);
      if (known) return known;
      if (!reading && nowMs() - triedAtMs < REREAD_MS) return undefined;
      await read();
      return keys?.get(kid);
    },
  };
}

function sameOr(known: JWK | undefined, read: JWK): JWK {
  return known?.x === read.x && known?.crv === read.crv && known?.kty === read.kty ? (known ?? read) : read;
}
