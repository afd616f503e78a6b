import type { Signal, WireEvent } from '../wire.ts';

type Reset = Extract<WireEvent, { kind: 'reset' }>;
type Ready = Extract<WireEvent, { kind: 'ready' }>;

/**
 * Everything that a listener receives. `ready`: everything up to here has been delivered. `reset`: some events could
 * not be delivered, so read your state again; the reason `gap` means that the client itself found events missing, and
 * reconnecting did not bring them.
 */
export type Event =
  | Exclude<WireEvent, Ready | Reset>
  | (Omit<Ready, 'streamId'> & Partial<Pick<Ready, 'streamId'>>)
  | (Omit<Reset, 'reason'> & { reason: Reset['reason'] | 'gap' });
/** Every kind of signal. Signals may be lost, are never replayed, and are not part of gap detection. */
const signalKinds: Readonly<Record<Signal['kind'], true>> = { typing: true, seen: true, presence: true };

export const isSignal = (event: Event): event is Signal => Object.hasOwn(signalKinds, event.kind);

export type EventKind = Event['kind'];

/** An event and the cursor after it. A cursor without an event: nothing happened up to there. */
export interface Arrival {
  readonly event?: Event;
  readonly token: string | undefined;
}
