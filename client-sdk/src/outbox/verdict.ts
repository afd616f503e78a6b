import { TRPCClientError } from '@trpc/client';
import { isFechatterError, reasonOf } from '../errors.ts';
import { NotSentError } from './not-sent.ts';

/** What happens to a message after an error. */
export type Verdict = 'again' | 'failed';

/** After this many unclear errors for one message, the next message has its turn. */
const UNEXPECTED_RESPONSES_MAX = 5;

/** Refusals are final; an obstacle for every message (no network, no database, a limit) is waited for. */
export function verdictOn(error: unknown, unexpectedResponses: number): Verdict {
  if (error instanceof NotSentError) return 'failed';
  if (isFechatterError(error, 'rate_limited', 'busy', 'database_unavailable', 'files_unavailable')) return 'again';
  if (isUnexpectedResponse(error)) return unexpectedResponses >= UNEXPECTED_RESPONSES_MAX ? 'failed' : 'again';
  if (reasonOf(error) === undefined) return 'again';
  // The session could not be refreshed just now. If it has ended, so has the outbox.
  if (isFechatterError(error) && error.data?.code === 'UNAUTHORIZED') return 'again';
  return 'failed';
}

/**
 * A response that the service does not give on purpose: a bug of the service, or something between it and the client.
 */
export function isUnexpectedResponse(error: unknown): boolean {
  const reason = reasonOf(error);
  if (reason !== undefined) return reason === 'internal';
  return error instanceof TRPCClientError && error.meta?.['response'] !== undefined;
}

/** How long the service asks the client to wait. */
export const retryAfterMs = (error: unknown): number => (isFechatterError(error) ? (error.data?.retryAfterMs ?? 0) : 0);
