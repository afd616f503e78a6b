import type { Chance } from '@fechatter/testing/chance';
import type { Bearer } from './bearer.ts';
import type { Intake, Ledger } from './ledger.ts';
import type { Instance } from '../system/system.ts';

/** Someone who listens and writes down what comes. */
export interface Subscriber {
  readonly ledger: Ledger;
  /** Stops reading for a while; only where it can. */
  readSlowly?(forMs: number): void;
  /** Is away until it is woken; only where it can. */
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

/** Whether another token may help. */
export const isStale = (reason: string | undefined): boolean =>
  reason === 'token_expired' || reason === 'token_invalid';

/** Why a stream ended for good, in the words of the wire; undefined: try again. */
export function endReasonOf(reason: string | undefined): string | undefined {
  return reason === 'session_revoked' || reason === 'account_suspended' ? reason : undefined;
}
