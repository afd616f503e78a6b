import { TRPCClientError } from '@trpc/client';
import type { FechatterRouter, Reason } from './wire.ts';

/** What a refused call throws: `data.reason` says why, in a word that never changes its meaning. */
export type FechatterError = TRPCClientError<FechatterRouter>;

/** Whether something thrown is an answer of Fechatter's, and (if `reasons` are given) one of these. */
export function isFechatterError(error: unknown, ...reasons: Reason[]): error is FechatterError {
  const reason = reasonOf(error);
  return reason !== undefined && (reasons.length === 0 || reasons.includes(reason));
}

/** Why a call was refused; undefined for everything that is not an answer: the network, a bug. */
export function reasonOf(error: unknown): Reason | undefined {
  if (!(error instanceof TRPCClientError)) return undefined;
  const { data } = error as FechatterError;
  return data?.reason;
}
