import type { TRPCError } from '@trpc/server';

const idOfError = new WeakMap<TRPCError, string>();

/** Stores the request of an error that tRPC threw before there was a context. */
export function rememberRequestId(error: TRPCError, requestId: string): void {
  idOfError.set(error, requestId);
}

/** The id of the request that an error belongs to: from its context, or else the stored one. */
export function requestIdOf(error: TRPCError, context: unknown): string | undefined {
  if (typeof context === 'object' && context !== null && 'requestId' in context)
    if (typeof context.requestId === 'string') return context.requestId;
  return idOfError.get(error);
}
