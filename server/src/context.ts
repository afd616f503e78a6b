import type { CallerGone } from '@fechatter/service-kit';
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
}

/** Who calls. */
export interface Caller {
  readonly id: string;
  readonly sessionId: string;
}

export interface AuthedContext extends Context {
  readonly user: Caller;
}
