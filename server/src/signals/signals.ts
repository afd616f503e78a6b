import { type ChatSignal, type PresenceHint, thinningOf } from '@fechatter/contract';
import { createSignalSender, type SignalCounts, type SignalSender } from '@fechatter/drizzle';
import { LRUCache } from 'lru-cache';
import type { Budgets } from '../limits/budgets.ts';

/** Sends signals, which are not logged. */
export interface Signals {
  /**
   * Sends a signal that accompanies another action, unless its person has sent too many in this minute: then it is
   * dropped silently. Never waits, never fails. `hiddenFrom` are members of its chat who do not receive it.
   */
  publish(signal: ChatSignal & { readonly userId: string }, hiddenFrom?: readonly string[]): void;
  /** Sends a signal whose call was counted in the person's budget of signals. Never waits, never fails. */
  publishCounted(signal: ChatSignal): void;
  /** Sends every notify a hint to read something again. Never waits, never fails. */
  hint(hint: PresenceHint): void;
  readonly counts: Readonly<SignalCounts & { limited: number; thinned: number }>;
  /** Sends what is waiting, and ends. */
  close(): Promise<void>;
}

/** Above this many places where people type at once, some signals are repeated more often. */
const THINNED_MAX = 100_000;

/** What the signals of a process need. */
export interface SignalsOptions {
  readonly pool: Parameters<typeof createSignalSender>[0];
  readonly budgets: Pick<Budgets, 'takeSignal'>;
  /** A monotonic clock. */
  readonly nowMs?: () => number;
}

/**
 * Signals of this process. Budgets, and how often a signal is repeated, are counted in memory per process, because
 * counting lossy signals in the database would cost more than sending them.
 */
export function createSignals({ pool, budgets, nowMs = () => performance.now() }: SignalsOptions): Signals {
  const sender: SignalSender = createSignalSender(pool);
  const sentAtMs = new LRUCache<string, number>({ max: THINNED_MAX });
  let limited = 0;
  let thinned = 0;

  const wasJustSent = (signal: ChatSignal): boolean => {
    const thinning = thinningOf(signal);
    if (thinning === undefined) return false;
    const now = nowMs();
    if (now - (sentAtMs.get(thinning.key) ?? Number.NEGATIVE_INFINITY) < thinning.everyMs) return true;
    sentAtMs.set(thinning.key, now);
    return false;
  };
  const publishCounted = (signal: ChatSignal, hiddenFrom: readonly string[] = []) => {
    if (wasJustSent(signal)) thinned++;
    else sender.send(hiddenFrom.length === 0 ? signal : { ...signal, hiddenFrom });
  };

  return {
    publish(signal, hiddenFrom) {
      if (budgets.takeSignal(signal.userId)) publishCounted(signal, hiddenFrom);
      else limited++;
    },
    publishCounted,
    hint: (hint) => sender.send(hint),
    get counts() {
      return { ...sender.counts, limited, thinned };
    },
    close: () => sender.close(),
  };
}
