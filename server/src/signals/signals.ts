import type { Signal } from '@fechatter/contract';
import { createSignalSender, type SignalCounts, type SignalSender } from '@fechatter/drizzle';
import { RateLimiterMemory } from 'rate-limiter-flexible';

/** Tells others what is not logged. */
export interface Signals {
  /** Tells it, unless its person has told too many in this minute: then it is dropped in silence. Never waits, never fails. */
  tell(signal: Signal): void;
  readonly counts: Readonly<SignalCounts & { limited: number }>;
  /** Sends what waits, and ends. */
  close(): Promise<void>;
}

const MINUTE = 60;

/**
 * Signals of this process. `perMinute` is a person's budget here, 0 for none: it is counted in memory and a process,
 * because to count what may be lost in the database would cost more than what is counted.
 */
export function createSignals(pool: Parameters<typeof createSignalSender>[0], perMinute: number): Signals {
  const sender: SignalSender = createSignalSender(pool);
  const budget = perMinute === 0 ? undefined : new RateLimiterMemory({ points: perMinute, duration: MINUTE });
  let limited = 0;
  return {
    tell(signal) {
      if (budget === undefined) return sender.send(signal);
      void budget.consume(signal.userId).then(
        () => sender.send(signal),
        () => limited++,
      );
    },
    get counts() {
      return { ...sender.counts, limited };
    },
    close: () => sender.close(),
  };
}
