import type { Chance } from '@fechatter/testing/chance';
import type { Bearer } from './bearer.ts';
import type { Intake, Ledger } from './ledger.ts';
import type { Instance } from '../system/system.ts';

/** A subscriber that records what it receives. */
export interface Subscriber {
  readonly ledger: Ledger;
  /** Stops reading for a while; only if it can. */
  readSlowly?(forMs: number): void;
  /** Disconnects until it is woken; only if it can. */
  sleep?(): void;
  wake?(): void;
  stop(): Promise<void>;
}

export interface SubscriberOptions {
  readonly name: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly bearer: Bearer;
  readonly notifies: readonly Instance[];
  readonly servers: readonly Instance[];
  readonly chance: Chance;
  readonly intake: Intake;
}

/** Whether a retry with another token may work. */
export const isStale = (reason: string | undefined): boolean =>
  reason === 'token_expired' || reason === 'token_invalid';

/** The reason for which a stream ended permanently, as it was on the wire; undefined: try again. */
export function endReasonOf(reason: string | undefined): string | undefined {
  return reason === 'session_revoked' || reason === 'account_suspended' ? reason : undefined;
}
