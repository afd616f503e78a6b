import { z } from 'zod';
import { isSignal, plainSignal, type Signal } from '../signals.ts';
import type { PlainEvent, PlainSignal } from './plain-form.ts';
import { definitionOfKind, type LoggedEvent } from './registry.ts';

/** Why a client must read its state again. */
export const ResetReason = z.enum(['cursor_unknown', 'cursor_expired', 'too_far_behind']);
export type ResetReason = z.infer<typeof ResetReason>;

/**
 * The client has everything up to `cursor`; `resumed` means that the stream continued from the client's own token. The
 * session of this stream, and no other, names the stream by `streamId` in `presence.watch`.
 */
export const Ready = z.object({
  kind: z.literal('ready'),
  cursor: z.string(),
  resumed: z.boolean(),
  streamId: z.string(),
});
/** The client's token could not be used: read the state again; everything after `cursor` follows. */
export const Reset = z.object({ kind: z.literal('reset'), cursor: z.string(), reason: ResetReason });
export type Ready = z.infer<typeof Ready>;
export type Reset = z.infer<typeof Reset>;

/** Everything that a subscriber receives. */
export type Event = Ready | Reset | LoggedEvent | Signal;
export type EventKind = Event['kind'];

/** The plain form of any event, for clients without tRPC. */
export function plainForm(event: Exclude<Event, Signal>): PlainEvent;
export function plainForm(event: Event): PlainSignal;
export function plainForm(event: Event): PlainSignal {
  if (event.kind === 'ready')
    return { event: 'ready', data: { cursor: event.cursor, resumed: event.resumed, stream_id: event.streamId } };
  if (event.kind === 'reset') return { event: 'reset', data: { cursor: event.cursor, reason: event.reason } };
  if (isSignal(event)) return plainSignal(event);
  return definitionOfKind(event.kind).plain(event as never);
}
