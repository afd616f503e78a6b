import pLimit from 'p-limit';

/** Runs a call of a batch when it is its turn. */
export type BatchTurns = <R>(call: () => Promise<R>) => Promise<R>;

const CALLS_AT_ONCE = 4;

/** Turns for a batch with more calls than can run at once; undefined for a smaller one, which needs none. */
export function batchTurns(calls: number): BatchTurns | undefined {
  if (calls <= CALLS_AT_ONCE) return undefined;
  const atOnce = pLimit(CALLS_AT_ONCE);
  return (call) => atOnce(call);
}
