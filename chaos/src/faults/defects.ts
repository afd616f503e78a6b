import { decodeCursor, encodeCursor, isSignal } from '@fechatter/contract';
import type { Intake, Ledger } from '../subscribers/ledger.ts';

/** A defect that is planted in a run's own database or ledgers, to show that the checker finds it. */
export type Defect =
  | 'read by id'
  | 'announce after commit'
  | 'overflow drops silently'
  | 'signals move tokens'
  | 'reactions carry no version'
  | 'reactions raise no version'
  | 'deleted replies are counted'
  | 'ended periods slow down all'
  | 'Guests receive strangers'
  | 'deleted messages keep their text'
  | 'files lose their keys'
  | 'presence outlives its instance';

/** How far a planted signal's token is ahead. */
const AHEAD = 3;

/** The intake of a run with these defects. */
export function intakeOf(defects: readonly Defect[]): Intake {
  if (defects.includes('overflow drops silently')) return overflowingIntake();
  return {
    takes: () => true,
    told(event, token) {
      if (isSignal(event) && defects.includes('signals move tokens')) return { event, token: ahead(token) };
      if (event.kind !== 'message.reacted' || !defects.includes('reactions carry no version')) return { event, token };
      return { event: { ...event, version: 0 }, token };
    },
  };
}

function ahead(token: string): string {
  const { pos = 0, nonce = 0 } = decodeCursor(token) ?? {};
  return encodeCursor({ pos: pos + AHEAD, nonce });
}

const WINDOW_MS = 20;
const BUFFER_MAX = 8;

/** An intake that silently drops what exceeds a limit in a burst. */
function overflowingIntake(): Intake {
  const windows = new WeakMap<Ledger, { endsAtMs: number; taken: number }>();
  return {
    takes(ledger) {
      const nowMs = performance.now();
      let window = windows.get(ledger);
      if (window === undefined || nowMs > window.endsAtMs) window = { endsAtMs: nowMs + WINDOW_MS, taken: 0 };
      window.taken += 1;
      windows.set(ledger, window);
      return window.taken <= BUFFER_MAX;
    },
  };
}
