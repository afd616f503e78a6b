import { timingSafeEqual } from 'node:crypto';
import { Budget } from '../budget.ts';
import { refuse } from '../errors/refusal.ts';
import { limitedAddress } from '../http/limited-address.ts';
import { hashOfToken } from './hash-of-token.ts';
import { idOfKey } from './key-text.ts';
import type { Verified } from './verifier.ts';

/** The key of a bot, as the database has it. */
export interface StoredKey {
  readonly botId: string;
  readonly tokenHash: Buffer;
  readonly scopes: readonly string[];
}

/** Looks a key up by its session: undefined if that has ended. */
export type FindKey = (sessionId: string) => Promise<StoredKey | undefined>;

export interface ApiKeys {
  /**
   * Throws `token_invalid`, and `rate_limited` for a key that is not remembered from an address that gave too many wrong
   * ones. The caller must check whether the session is still valid.
   */
  readonly verify: (token: string, address: string) => Promise<Verified>;
}

export interface ApiKeysOptions {
  readonly find: FindKey;
  /** A monotonic clock. */
  readonly nowMs?: () => number;
}

/**
 * Shorter than ended sessions are remembered: a key has no lifetime, so a key whose look-up were remembered longer could be
 * used again when its revocation is forgotten.
 */
const REMEMBERED_MS = 60_000;
const REMEMBERED_MAX = 10_000;
/**
 * Per address, in this process. Keys cannot be guessed: this bounds the queries. It is more than many programs behind one
 * address look up at the same moment, since valid keys count while they are looked up.
 */
const WRONG_PER_MINUTE = 300;

interface Remembered {
  readonly verified: Verified;
  readonly untilMs: number;
}

/** Verifies keys of bots; each is looked up at most once a minute. */
export function createApiKeys({ find, nowMs = () => performance.now() }: ApiKeysOptions): ApiKeys {
  /** Oldest look-ups first: all are remembered equally long. */
  const remembered = new Map<string, Remembered>();
  const wrong = new Budget(WRONG_PER_MINUTE, nowMs);
  /** Those that run: calls with the same key wait for one. */
  const lookUps = new Map<string, Promise<Verified>>();

  const lookUp = async (token: string, sessionId: string, address: string): Promise<Verified> => {
    const askedAtMs = nowMs();
    const network = limitedAddress(address);
    const { overMs } = wrong.take(network);
    if (overMs !== undefined) throw refuse('rate_limited', { retryAfterMs: Math.max(1, Math.ceil(overMs)) });
    const stored = await find(sessionId);
    if (stored === undefined || !timingSafeEqual(stored.tokenHash, hashOfToken(token)))
      throw refuse('token_invalid', { message: 'This key does not exist, or was revoked.' });
    wrong.giveBack(network);
    const { botId: userId, scopes } = stored;
    const verified: Verified = { userId, sessionId, scopes };
    const [oldest] = remembered.keys();
    if (remembered.size >= REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest);
    remembered.set(token, { verified, untilMs: askedAtMs + REMEMBERED_MS });
    return verified;
  };

  return {
    async verify(token, address) {
      const sessionId = idOfKey('fck', token);
      if (sessionId === undefined) throw refuse('token_invalid');
      const before = remembered.get(token);
      if (before !== undefined && before.untilMs > nowMs()) return before.verified;
      const running = lookUps.get(token);
      if (running !== undefined) return running;
      remembered.delete(token);
      const started = lookUp(token, sessionId, address).finally(() => lookUps.delete(token));
      lookUps.set(token, started);
      return started;
    },
  };
}
