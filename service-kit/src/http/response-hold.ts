import { limits } from '@fechatter/contract';
import { refuse } from '../errors/refusal.ts';
import type { BytesInFlight } from './bytes-in-flight.ts';
import type { ShellContext } from './shell-env.ts';

/** Counts the bytes of one response until its caller has read them. */
export interface ResponseHold {
  /**
   * Counts a part of the response. Throws batch_too_large if the parts are too long together, rate_limited or busy if
   * too much is already waiting to be read.
   */
  add(text: string): void;
}

/** Shorter ones fit into the buffers of the system, and are not counted. */
const COUNTED_FROM_CHARS = 65_536;
/** A caller that reads nothing for this long is disconnected. */
const UNREAD_MAX_MS = 60_000;

/** Holds a response's bytes from their creation until they are read or the caller has disconnected. */
export function responseHold(c: ShellContext, inFlight: BytesInFlight): ResponseHold {
  const outgoing = c.env?.outgoing;
  let held = 0;
  return {
    add(text) {
      if (text.length < COUNTED_FROM_CHARS) return;
      const bytes = Buffer.byteLength(text);
      if (held + bytes > limits.batchMaxBytes) throw refuse('batch_too_large');
      if (outgoing === undefined) return;
      const address = c.get('clientAddress');
      inFlight.hold(address, bytes);
      if (held === 0) {
        outgoing.once('close', () => inFlight.free(address, held));
        // Node restarts this timeout with each byte that is read.
        outgoing.setTimeout(UNREAD_MAX_MS, () => outgoing.destroy());
      }
      held += bytes;
    },
  };
}
