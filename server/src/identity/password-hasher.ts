import { refuse } from '@fechatter/service-kit';
import { hash, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';

/** Hashes and checks passwords with Argon2id, a bounded number at once, in any Unicode form. Take the rate limit first. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Whether the password is that of the hash; without a hash it costs the same and is false. */
  verify(hash: string | undefined, password: string): Promise<boolean>;
}

export interface PasswordHasherOptions {
  readonly atOnceMax?: number;
  readonly waitingMax?: number;
}

/** OWASP's minimum for Argon2id, which is the library's default algorithm. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const WAITING_MAX = 64;
const RETRY_AFTER_MS = 1_000;

/** Keyboards compose letters in different ways: NIST SP 800-63B has passwords normalised before they are hashed. */
const FORM = 'NFKC';

/** What a password may have been hashed as: normalised, or before that was done as it was typed, in either way. */
const formsOf = (password: string): ReadonlySet<string> =>
  new Set([password.normalize(FORM), password, password.normalize('NFC'), password.normalize('NFD')]);

/** Leaves a core to everything else; who would wait behind 64 others is sent away. */
export async function createPasswordHasher({
  atOnceMax = Math.max(1, availableParallelism() - 1),
  waitingMax = WAITING_MAX,
}: PasswordHasherOptions = {}): Promise<PasswordHasher> {
  const nobodys = await hash(randomBytes(32), cost);
  const waiting: (() => void)[] = [];
  let running = 0;

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnceMax) {
      if (waiting.length >= waitingMax) throw refuse('rate_limited', { retryAfterMs: RETRY_AFTER_MS });
      // Who is woken takes over the place of who has finished: `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };

  return {
    hash: (password) => inTurn(() => hash(password.normalize(FORM), cost)),
    verify: (of, password) =>
      inTurn(async () => {
        for (const form of formsOf(password)) if (await verify(of ?? nobodys, form)) return of !== undefined;
        return false;
      }),
  };
}
