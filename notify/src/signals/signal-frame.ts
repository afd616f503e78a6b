import { type Cursor, encodeCursor, plainSignal, type Signal } from '@fechatter/contract';
import { EventFrame, type Frame } from '../wire/frame.ts';

/**
 * A signal on both wires. tRPC's stock client hands over nothing without an id, so there a signal has the one that a
 * ping would carry now; in the plain form it has none, and its reader's place stays.
 */
export function signalFrame(position: Cursor, signal: Signal): Frame {
  const { trpc, tracked } = new EventFrame(encodeCursor(position), signal);
  const { event, data } = plainSignal(signal);
  return { trpc, plain: Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`), tracked };
}
