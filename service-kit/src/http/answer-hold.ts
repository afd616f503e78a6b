import { limits } from '@fechatter/contract';
import { refuse } from '../errors/refusal.ts';
import type { BytesInFlight } from './bytes-in-flight.ts';
import type { ShellContext } from './shell-env.ts';

/** What is held of one answer until its caller has read it. */
export interface AnswerHold {
  /**
   * Counts a part of the answer that was made. Throws batch_too_large where the parts are too long together, rate_limited
   * or busy where too much is waiting to be read already.
   */
  add(text: string): void;
}

/** Shorter ones fit into the buffers of the system, and are not counted. */
const COUNTED_FROM_CHARS = 65_536;
/** Who reads nothing for so long is cut off. */
const UNREAD_MAX_MS = 60_000;

/** Holds an answer's bytes from when they are made until they are read, or the caller is gone. */
export function answerHold(c: ShellContext, inFlight: BytesInFlight): AnswerHold {
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
        // Node begins anew with each byte that is taken.
        outgoing.setTimeout(UNREAD_MAX_MS, () => outgoing.destroy());
      }
      held += bytes;
    },
  };
}
