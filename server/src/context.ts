import type { BatchTurns, CallerGone, Principal } from '@fechatter/service-kit';
import type { Deps } from './deps.ts';
import type { ServiceKey } from './identity/service-keys.ts';

/** The context of a procedure call. */
export interface Context {
  readonly deps: Deps;
  readonly requestId: string;
  /** Whether the caller has disconnected, so that the response is not needed. */
  readonly signal: CallerGone;
  /** The client's address, behind trusted proxies too. */
  readonly address: string;
  readonly userAgent: string | null;
  /** The `Authorization` header, unverified. */
  readonly authorization: string | undefined;
  /** The caller accepts nothing remembered (`cache-control: no-cache`). */
  readonly isFreshWanted: boolean;
  /** The key with which an app's server calls, for `admin.*` alone. */
  readonly serviceKey?: ServiceKey;
  /** Headers of the response: `RateLimit-*` and the like are set here, over tRPC and REST. */
  readonly responseHeaders: Headers;
  /** Limits how many calls of a batch run at once. */
  readonly batch: BatchTurns | undefined;
}

/** The context of a call with a service key. */
export interface ServiceContext extends Context {
  readonly serviceKey: ServiceKey;
}

export interface AuthedContext extends Context {
  /** The caller. */
  readonly principal: Principal;
}
