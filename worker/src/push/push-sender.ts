import type { PushContent, PushKind } from '@fechatter/contract';
import type { IncomingHttpHeaders } from 'node:http';
import { retryAfterSeconds } from '../retry-after.ts';

/** A push as its push service takes it. */
export interface OutgoingPush {
  /** Where the device is, as storedPushAddress() writes it. */
  readonly address: string;
  readonly content: PushContent;
  /** A newer push with the same topic replaces one that was not delivered. */
  readonly topic: string;
  readonly urgency: 'high' | 'normal';
  readonly signal: AbortSignal;
}

/**
 * The result of a push. `gone`: the subscription does not exist any more. `put off`: tried again, `afterSeconds` if the push
 * service said so. `refused`: never tried again.
 */
export type PushOutcome =
  | { readonly did: 'sent' }
  | { readonly did: 'gone'; readonly failure: string }
  | { readonly did: 'refused'; readonly failure: string }
  | { readonly did: 'put off'; readonly failure: string; readonly afterSeconds: number | undefined };

/** Throws an OutboundError if the push service is not reached. */
export type PushSender = (push: OutgoingPush) => Promise<PushOutcome | { readonly did: 'too large' }>;
/** Those of which the settings have the key. */
export type PushSenders = Readonly<Partial<Record<PushKind, PushSender>>>;

/** A day: afterwards it is no news. */
export const TTL_SECONDS = 86_400;
const RETRY_AFTER_MAX_SECONDS = 3_600;

export interface PushResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The word of the push service for a final refusal. */
  readonly reason?: string | undefined;
}

/** By RFC 8030, and how the large push services use it. */
export function outcomeOf({ status, headers, reason }: PushResponse): Awaited<ReturnType<PushSender>> {
  const failure = String(status);
  if (status >= 200 && status < 300) return { did: 'sent' };
  if (status === 404 || status === 410) return { did: 'gone', failure };
  if (status === 413) return { did: 'too large' };
  // Of our key or its signature: an operator can mend that.
  const isOurs = status === 401 || status === 403;
  if (isOurs || status === 408 || status === 425 || status === 429 || status >= 500)
    return { did: 'put off', failure, afterSeconds: retryAfterSeconds(headers, RETRY_AFTER_MAX_SECONDS) };
  return { did: 'refused', failure: reason === undefined ? failure : `${failure} ${reason}` };
}
