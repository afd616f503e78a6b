import { reasonOf } from '@fechatter/client';
import { setTimeout as wait } from 'node:timers/promises';

/** The outcome of a call that was repeated until its outcome was known. */
export type CallOutcome<T> =
  | { readonly is: 'done'; readonly value: T }
  | { readonly is: 'refused'; readonly reason: string }
  /** The deadline passed, so the outcome is unknown. */
  | { readonly is: 'unknown' };

/** Counts the outcomes of calls over a whole run. */
export class CallTally {
  calls = 0;
  done = 0;
  repeats = 0;
  /** The most repeats of one call. */
  repeatsMax = 0;
  unknown = 0;
  readonly refusals = new Map<string, number>();
  /** How often each procedure was done. */
  readonly doneOf = new Map<string, number>();
  /** Errors that no fault explains: bugs. */
  readonly internal: string[] = [];
}

const RETRY_FIRST_MS = 30;
const SCENE_MS = 60_000;
const RETRY_MAX_MS = 500;
/** An expired token that could not be refreshed in time does not decide the call. */
const again = new Set(['busy', 'database_unavailable', 'rate_limited', 'token_expired']);

/**
 * Calls until the outcome is known: ambiguous failures (a lost connection, 503) are repeated, refusals are outcomes.
 */
export async function repeatCall<T>(
  tally: CallTally,
  call: () => Promise<T>,
  withinMs: number,
  path: string,
): Promise<CallOutcome<T>> {
  const deadlineMs = performance.now() + withinMs;
  let pauseMs = RETRY_FIRST_MS;
  tally.calls += 1;
  for (let repeats = 1; ; repeats++) {
    try {
      const value = await call();
      tally.done += 1;
      tally.doneOf.set(path, (tally.doneOf.get(path) ?? 0) + 1);
      return { is: 'done', value };
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === 'internal') tally.internal.push(`${path}: ${describe(error)}`);
      if (reason !== undefined && reason !== 'internal' && !again.has(reason)) {
        tally.refusals.set(reason, (tally.refusals.get(reason) ?? 0) + 1);
        return { is: 'refused', reason };
      }
    }
    if (performance.now() > deadlineMs) {
      tally.unknown += 1;
      return { is: 'unknown' };
    }
    tally.repeats += 1;
    tally.repeatsMax = Math.max(tally.repeatsMax, repeats);
    await wait(pauseMs);
    pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS);
  }
}

/** The result of a call that sets up the scene; throws if a fault prevents it for too long. */
export async function mustSucceed<T>(tally: CallTally, path: string, work: () => Promise<T>): Promise<T> {
  const outcome = await repeatCall(tally, work, SCENE_MS, path);
  if (outcome.is !== 'done') throw new Error(`${path}: ${outcome.is}`);
  return outcome.value;
}

function describe(error: unknown): string {
  const data = (error as { data?: { requestId?: string } }).data;
  return `${error instanceof Error ? error.message : String(error)} (request ${data?.requestId ?? '?'})`;
}
