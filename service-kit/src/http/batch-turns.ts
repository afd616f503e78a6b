import { limits } from '@fechatter/contract';
import pLimit from 'p-limit';
import { refuse } from '../errors/refusal.ts';
import { superjsonText } from '../wire/superjson-text.ts';

/** What the calls of one large batch share: how many run at once, and how long their answers may be together. */
export interface BatchTurns {
  /** Runs a call when it is its turn; throws batch_too_large where the answers of the batch are too long with this one. */
  run<R extends CallResult>(isQuery: boolean, call: () => Promise<R>): Promise<R>;
}

interface CallResult {
  readonly ok: boolean;
  readonly data?: unknown;
}

const CALLS_AT_ONCE = 4;

/** Undefined for a batch of few calls, whose answers cannot be too long: a page has at most `limits.answerMaxBytes`. */
export function batchTurns(calls: number): BatchTurns | undefined {
  if (calls <= CALLS_AT_ONCE) return undefined;
  const atOnce = pLimit(CALLS_AT_ONCE);
  let bytes = 0;
  return {
    run: (isQuery, call) =>
      atOnce(async () => {
        const isOver = () => isQuery && bytes > limits.batchMaxBytes;
        if (isOver()) throw refuse('batch_too_large');
        const result = await call();
        // What a change answers is short, and it was made: that is never taken back.
        if (isQuery && result.ok) bytes += Buffer.byteLength(superjsonText(result.data));
        if (isOver()) throw refuse('batch_too_large');
        return result;
      }),
  };
}
