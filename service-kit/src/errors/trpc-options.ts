import type { ErrorCode, Reason, SecondFactorMethod } from '@fechatter/contract';
import type { TRPCError } from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY, type TRPC_ERROR_CODE_NUMBER } from '@trpc/server/rpc';
import superjson from 'superjson';
import { type IsUnavailable, type Problem, problemOf } from './problem.ts';
import type { Issue } from './refusal.ts';
import { readInput } from './safe-input.ts';
import { requestIdOf } from './request-id-of-error.ts';

/** The `error.data` that clients receive. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly httpStatus: number;
  readonly reason: Reason;
  readonly path?: string;
  readonly requestId?: string;
  readonly issues?: Issue[];
  readonly retryAfterMs?: number;
  /** With `second_factor_required`: for `auth.secondFactor`. */
  readonly challenge?: string;
  /** With `second_factor_required`: what this account can use. */
  readonly methods?: SecondFactorMethod[];
}

/** `code` has exactly this type because with any other tRPC ignores the formatter's type, and clients lose `reason`. */
export interface ErrorShape {
  message: string;
  code: TRPC_ERROR_CODE_NUMBER;
  data: ErrorData;
}

/** A problem in tRPC's wire format. */
export function trpcShape(problem: Problem, about: { path?: string | undefined; requestId?: string | undefined }) {
  const { code, status, reason, message, issues, retryAfterMs, secondFactor } = problem;
  const shape: ErrorShape = {
    message,
    code: TRPC_ERROR_CODES_BY_KEY[code],
    data: {
      code,
      httpStatus: status,
      reason,
      ...(about.path !== undefined && { path: about.path }),
      ...(about.requestId !== undefined && { requestId: about.requestId }),
      ...(issues && { issues: [...issues] }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(secondFactor && { challenge: secondFactor.challenge, methods: [...secondFactor.methods] }),
    },
  };
  return shape;
}

/**
 * The options of `initTRPC.create()`, the same in every service: dates by superjson, reasons in errors, never a stack.
 */
export function trpcOptions({ isUnavailable }: { readonly isUnavailable?: IsUnavailable } = {}) {
  return {
    transformer: { input: { serialize: superjson.serialize, deserialize: readInput }, output: superjson },
    isDev: false,
    errorFormatter: (thrown: { error: TRPCError; path: string | undefined; ctx: unknown }): ErrorShape =>
      trpcShape(problemOf(thrown.error, isUnavailable), {
        path: thrown.path,
        requestId: requestIdOf(thrown.error, thrown.ctx),
      }),
  };
}
