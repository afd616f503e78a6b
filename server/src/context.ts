import type { BatchTurns, CallerGone, Principal } from '@fechatter/service-kit';
import type { Deps } from './deps.ts';

/** What a procedure knows about its request. */
export interface Context {
  readonly deps: Deps;
  readonly requestId: string;
  /** Whether the caller has gone: nobody waits for the answer. */
  readonly signal: CallerGone;
  /** The client's address, behind trusted proxies too. */
  readonly address: string;
  readonly userAgent: string | null;
  /** The `Authorization` header as it came. */
  readonly authorization: string | undefined;
  /** Headers of the answer: `RateLimit-*` and the like are set here, on either wire. */
  readonly answerHeaders: Headers;
  /** Turns that the calls of a large batch take. */
  readonly batch: BatchTurns | undefined;
}

export interface AuthedContext extends Context {
  /** Who makes the call. */
  readonly principal: Principal;
}
