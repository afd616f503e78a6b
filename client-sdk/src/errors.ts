import { TRPCClientError } from '@trpc/client';
import type { FechatterRouter, Reason } from './wire.ts';

/** What a refused call throws. `data.reason` is the cause; a reason never changes its meaning. */
export type FechatterError = TRPCClientError<FechatterRouter>;

/** Whether an error is a refusal by Fechatter and, if you pass `reasons`, has one of them. */
export function isFechatterError(error: unknown, ...reasons: Reason[]): error is FechatterError {
  const reason = reasonOf(error);
  return reason !== undefined && (reasons.length === 0 || reasons.includes(reason));
}

/** Why a call was refused; undefined if the error is not a refusal, but for example a network error or a bug. */
export function reasonOf(error: unknown): Reason | undefined {
  if (!(error instanceof TRPCClientError)) return undefined;
  const { data } = error as FechatterError;
  return data?.reason;
}
