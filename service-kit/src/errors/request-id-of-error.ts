import type { TRPCError } from '@trpc/server';

const idOfError = new WeakMap<TRPCError, string>();

/** Remembers in which request tRPC refused something before there was a context. */
export function rememberRequestId(error: TRPCError, requestId: string): void {
  idOfError.set(error, requestId);
}

/** The id of the request that an error belongs to: its context knows; without one, what was remembered. */
export function requestIdOf(error: TRPCError, context: unknown): string | undefined {
  if (typeof context === 'object' && context !== null && 'requestId' in context)
    if (typeof context.requestId === 'string') return context.requestId;
  return idOfError.get(error);
}
