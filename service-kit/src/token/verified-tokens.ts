import type { Verified } from './verifier.ts';

/** Tokens that were verified before: at most so many, the longest unused ones go first. */
export function createVerifiedTokens(max: number): Pick<Map<string, Verified>, 'get' | 'set' | 'delete'> {
  const tokens = new Map<string, Verified>();
  const kept = {
    get(token: string) {
      const verified = tokens.get(token);
      if (verified && tokens.delete(token)) tokens.set(token, verified);
      return verified;
    },
    set(token: string, verified: Verified) {
      const [oldest] = tokens.keys();
      if (tokens.size >= max && oldest !== undefined) tokens.delete(oldest);
      if (max > 0) tokens.set(token, verified);
      return tokens;
    },
    delete: (token: string) => tokens.delete(token),
  };
  return kept;
}
