import { reasonOf } from '@fechatter/client';
import { setTimeout as wait } from 'node:timers/promises';

/** What became of a call that was repeated until it was answered. */
export type Answer<T> =
  | { readonly is: 'done'; readonly value: T }
  | { readonly is: 'refused'; readonly reason: string }
  /** Nobody knows: time was up. */
  | { readonly is: 'unknown' };

/** What callers met, over a whole run. */
export class CallTally {
  calls = 0;
  done = 0;
  repeats = 0;
  /** Of one call, at most. */
  repeatsMax = 0;
  unknown = 0;
  readonly refusals = new Map<string, number>();
  /** Errors that no fault explains: bugs. */
  readonly internal: string[] = [];
}

const RETRY_FIRST_MS = 30;
const SCENE_MS = 60_000;
const RETRY_MAX_MS = 500;
/** A token that has expired and could not be refreshed in time says nothing about the call. */
const again = new Set(['busy', 'database_unavailable', 'rate_limited', 'token_expired']);

/** Calls until there is an answer: ambiguous failures (a lost connection, 503) are repeated, refusals are answers. */
export async function untilAnswered<T>(
  tally: CallTally,
  call: () => Promise<T>,
  withinMs: number,
  path: string,
): Promise<Answer<T>> {
  const deadlineMs = performance.now() + withinMs;
  let pauseMs = RETRY_FIRST_MS;
  tally.calls += 1;
  for (let repeats = 1; ; repeats++) {
    try {
      const value = await call();
      tally.done += 1;
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

/** What a call answered that sets the scene; throws where a fault is in the way for too long. */
export async function answered<T>(tally: CallTally, path: string, work: () => Promise<T>): Promise<T> {
  const answer = await untilAnswered(tally, work, SCENE_MS, path);
  if (answer.is !== 'done') throw new Error(`${path}: ${answer.is}`);
  return answer.value;
}

function describe(error: unknown): string {
  const data = (error as { data?: { requestId?: string } }).data;
  return `${error instanceof Error ? error.message : String(error)} (request ${data?.requestId ?? '?'})`;
}
