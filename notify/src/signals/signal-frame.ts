import { type Cursor, encodeCursor, plainSignal, type Signal } from '@fechatter/contract';
import { EventFrame, type Frame } from '../wire/frame.ts';

/**
 * A signal in both wire forms. tRPC's stock client drops data without an id, so there a signal has the id that a ping
 * would have now; in the plain form it has none, and does not change the reader's position.
 */
export function signalFrame(position: Cursor, signal: Signal): Frame {
  const { trpc, tracked } = new EventFrame(encodeCursor(position), signal);
  const { event, data } = plainSignal(signal);
  return { trpc, plain: Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`), tracked };
}
