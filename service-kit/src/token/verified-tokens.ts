import type { CacheCounts } from '../metrics/metrics.ts';
import type { VerifiedToken } from './verifier.ts';

export interface VerifiedTokens extends Pick<Map<string, VerifiedToken>, 'get' | 'set' | 'delete'> {
  readonly counts: () => CacheCounts;
}

/** A bounded cache of verified tokens; the least recently used ones are dropped first. */
export function createVerifiedTokens(max: number): VerifiedTokens {
  const tokens = new Map<string, VerifiedToken>();
  let hits = 0;
  let misses = 0;
  const kept = {
    get(token: string) {
      const verified = tokens.get(token);
      if (verified && tokens.delete(token)) tokens.set(token, verified);
      if (verified) hits++;
      else misses++;
      return verified;
    },
    set(token: string, verified: VerifiedToken) {
      const [oldest] = tokens.keys();
      if (tokens.size >= max && oldest !== undefined) tokens.delete(oldest);
      if (max > 0) tokens.set(token, verified);
      return tokens;
    },
    delete: (token: string) => tokens.delete(token),
    counts: () => ({ hits, misses, entries: tokens.size }),
  };
  return kept;
}
