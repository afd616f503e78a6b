import { refuse } from '@fechatter/service-kit';
import { hash, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { FairQueue } from './fair-queue.ts';
import type { HashLane } from './hash-lane.ts';

/**
 * Hashes and checks passwords with Argon2id, a limited number at once, in any Unicode form. Check the rate limit first.
 */
export interface PasswordHasher {
  hash(password: string, lane: HashLane): Promise<string>;
  /** Whether the password matches the hash; without a hash it costs the same and is false. */
  verify(hash: string | undefined, password: string, lane: HashLane): Promise<boolean>;
}

export interface PasswordHasherOptions {
  readonly atOnceMax?: number;
  /** The queue length for known people, and the same for others. */
  readonly waitingMax?: number;
}

interface Waiting {
  readonly begin: () => void;
  readonly sendAway: (refusal: Error) => void;
}

/** OWASP's minimum for Argon2id, which is the library's default algorithm. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const WAITING_MAX = 64;
const RETRY_AFTER_MS = 1_000;

/**
 * Keyboards compose letters in different ways: NIST SP 800-63B says that passwords are normalised before they are
 * hashed.
 */
const FORM = 'NFKC';

/**
 * The forms in which a password may have been hashed: normalised or, in older hashes, as it was typed, composed or
 * decomposed.
 */
const formsOf = (password: string): ReadonlySet<string> =>
  new Set([password.normalize(FORM), password, password.normalize('NFC'), password.normalize('NFD')]);

/**
 * Leaves a core for everything else. Known people and others take turns, and so do the networks within each group. If
 * 64 are waiting, a newcomer replaces the newest entry of the network with the most entries, or is refused if that is
 * their own network.
 */
export async function createPasswordHasher({
  atOnceMax = Math.max(1, availableParallelism() - 1),
  waitingMax = WAITING_MAX,
}: PasswordHasherOptions = {}): Promise<PasswordHasher> {
  const nobodys = await hash(randomBytes(32), cost);
  const [known, strangers] = [new FairQueue<Waiting>(), new FairQueue<Waiting>()];
  let running = 0;
  let isTurnOfKnown = true;

  const takeNext = (): Waiting | undefined => {
    const [first, second] = isTurnOfKnown ? [known, strangers] : [strangers, known];
    isTurnOfKnown = !isTurnOfKnown;
    return first.shift() ?? second.shift();
  };
  const wait = (queue: FairQueue<Waiting>, path: readonly string[]) =>
    new Promise<void>((begin, sendAway) => {
      if (queue.size >= waitingMax) {
        const displaced = queue.displace(path);
        (displaced?.sendAway ?? sendAway)(refuse('rate_limited', { retryAfterMs: RETRY_AFTER_MS }));
        if (displaced === undefined) return;
      }
      queue.push(path, { begin, sendAway });
    });
  const inTurn = async <T>({ isKnown, path }: HashLane, work: () => Promise<T>): Promise<T> => {
    // The next one takes over the slot of the one that has finished, so `running` stays the same.
    if (running >= atOnceMax) await wait(isKnown ? known : strangers, path);
    else running += 1;
    try {
      return await work();
    } finally {
      const next = takeNext();
      if (next === undefined) running -= 1;
      else next.begin();
    }
  };

  return {
    hash: (password, lane) => inTurn(lane, () => hash(password.normalize(FORM), cost)),
    verify: (of, password, lane) =>
      inTurn(lane, async () => {
        for (const form of formsOf(password)) if (await verify(of ?? nobodys, form)) return of !== undefined;
        return false;
      }),
  };
}
