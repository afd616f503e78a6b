import type { Signal, WireEvent } from '../wire.ts';

type Reset = Extract<WireEvent, { kind: 'reset' }>;

/**
 * Everything that a listener receives. `ready`: everything up to here has been handed out. `reset`: what lies between
 * could not be handed out, so read your state again; its reason `gap` means that the client itself found events missing
 * and connecting again did not bring them.
 */
export type Event = Exclude<WireEvent, Reset> | (Omit<Reset, 'reason'> & { reason: Reset['reason'] | 'gap' });
/** Every kind of signal: lossy, never replayed, and no part of what proves that nothing is missing. */
const signalKinds: Readonly<Record<Signal['kind'], true>> = { seen: true };

export const isSignal = (event: Event): event is Signal => Object.hasOwn(signalKinds, event.kind);

export type EventKind = Event['kind'];

/** An event, and the token of the place behind it. A token alone: nothing happened up to there. */
export interface Arrival {
  readonly event?: Event;
  readonly token: string | undefined;
}
