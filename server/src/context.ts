import type { BatchTurns, CallerGone, Principal } from '@fechatter/service-kit';
import type { Deps } from './deps.ts';

/** The context of a procedure call. */
export interface Context {
  readonly deps: Deps;
  readonly requestId: string;
  /** Whether the caller has disconnected, so that nobody waits for the response. */
  readonly signal: CallerGone;
  /** The client's address, behind trusted proxies too. */
  readonly address: string;
  readonly userAgent: string | null;
  /** The `Authorization` header, unverified. */
  readonly authorization: string | undefined;
  /** Headers of the response: `RateLimit-*` and the like are set here, over tRPC and REST. */
  readonly answerHeaders: Headers;
  /** Limits how many calls of a batch run at once. */
  readonly batch: BatchTurns | undefined;
}

export interface AuthedContext extends Context {
  /** The caller. */
  readonly principal: Principal;
}
