import { TRPCClientError } from '@trpc/client';
import { Backoff } from '../events/backoff.ts';
import type { FechatterError } from '../errors.ts';
import { ForeignResponse } from './response-error.ts';

/** With the pauses between them, some minutes. */
const ATTEMPTS_MAX = 10;
const PAUSES = { firstMs: 500, maxMs: 30_000 };

/** Tries again where the connection failed or the service was busy; throws at once what a repeat would not change. */
export async function persistently<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
  attemptsMax = ATTEMPTS_MAX,
): Promise<T> {
  const backoff = new Backoff(PAUSES);
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      const retryAfterMs = retryAfter(error);
      if (retryAfterMs === undefined || attempt >= attemptsMax) throw error;
      await backoff.pause(signal, retryAfterMs);
    }
  }
}

/** Undefined: another attempt would fail too. */
function retryAfter(error: unknown): number | undefined {
  // A proxy that takes no body of this size will not take it later.
  if (isRefusedOnItsWay(error)) return undefined;
  if (!(error instanceof TRPCClientError)) return 0;
  const { data } = error as FechatterError;
  // The call did not arrive, or its response did not.
  if (!data?.reason) return 0;
  const { httpStatus, retryAfterMs = 0 } = data;
  return isPassing(httpStatus) ? retryAfterMs : undefined;
}

/** Whether something in front of the service has refused, for a cause that will not pass. */
export const isRefusedOnItsWay = (error: unknown): boolean =>
  error instanceof ForeignResponse && !isPassing(error.status);

/** 408: the request took too long. */
const isPassing = (status: number): boolean => status >= 500 || status === 429 || status === 408;
