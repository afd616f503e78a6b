import type { Signal } from '@fechatter/contract';
import { createSignalSender, type SignalCounts, type SignalSender } from '@fechatter/drizzle';
import { RateLimiterMemory } from 'rate-limiter-flexible';

/** Sends signals, which are not logged. */
export interface Signals {
  /**
   * Sends a signal, unless its person has sent too many in this minute: then it is dropped silently. Never waits, never
   * fails.
   */
  tell(signal: Signal): void;
  readonly counts: Readonly<SignalCounts & { limited: number }>;
  /** Sends what is waiting, and ends. */
  close(): Promise<void>;
}

const MINUTE = 60;

/**
 * Signals of this process. `perMinute` is a person's budget, 0 for no limit. It is counted in memory per process,
 * because counting lossy signals in the database would cost more than sending them.
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
