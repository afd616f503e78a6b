import { type ErrorCode, type Reason, reasons, statusOfCode } from '@fechatter/contract';
import { TRPCError } from '@trpc/server';
import { z } from 'zod';
import { type Issue, Refusal, type SecondStep } from './refusal.ts';

/** What a client receives about an error, on any wire; nothing else of the error leaves the process. */
export interface Problem {
  readonly code: ErrorCode;
  readonly status: (typeof statusOfCode)[ErrorCode];
  readonly reason: Reason;
  readonly message: string;
  readonly issues?: readonly Issue[];
  readonly retryAfterMs?: number;
  readonly secondFactor?: SecondStep;
}

/** Whether an error means that the database is unreachable; implemented by the database's package. */
export type IsUnavailable = (error: unknown) => boolean;

const ISSUES_MAX = 20;
const UNAVAILABLE_RETRY_MS = 1_000;

/** The reasons of errors that tRPC itself throws before a procedure runs. */
const reasonOfCode: Readonly<Partial<Record<TRPCError['code'], Reason>>> = {
  PARSE_ERROR: 'invalid_json',
  BAD_REQUEST: 'invalid_input',
  UNAUTHORIZED: 'not_signed_in',
  NOT_FOUND: 'route_not_found',
  METHOD_NOT_SUPPORTED: 'method_not_allowed',
  PAYLOAD_TOO_LARGE: 'body_too_large',
  UNSUPPORTED_MEDIA_TYPE: 'unsupported_media_type',
};

function problem(reason: Reason, more: Partial<Problem> = {}): Problem {
  const [code, message] = reasons[reason];
  return { code, status: statusOfCode[code], reason, message, ...more };
}

/** The issues of a zod error in wire form. */
function issuesOf(error: z.core.$ZodError): readonly Issue[] {
  return error.issues.slice(0, ISSUES_MAX).map(({ path, message, code }) => ({
    path: path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
    message,
    code,
  }));
}

function isUnavailableAnywhere(error: unknown, isUnavailable: IsUnavailable): boolean {
  let link = error;
  for (let depth = 0; depth < 8 && link instanceof Error; depth++) {
    if (isUnavailable(link)) return true;
    link = link.cause;
  }
  return false;
}

/** Classifies anything that was thrown. */
export function problemOf(error: unknown, isUnavailable: IsUnavailable = () => false): Problem {
  if (error instanceof Refusal) {
    const { reason, message, issues, retryAfterMs, secondFactor } = error;
    return problem(reason, {
      message,
      ...(issues !== undefined && { issues }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(secondFactor !== undefined && { secondFactor }),
    });
  }
  if (isUnavailableAnywhere(error, isUnavailable))
    return problem('database_unavailable', { retryAfterMs: UNAVAILABLE_RETRY_MS });
  if (!(error instanceof TRPCError)) return problem('internal');
  // An unexpected error of a procedure is the cause of an INTERNAL_SERVER_ERROR; a Refusal is never wrapped.
  if (error.code === 'BAD_REQUEST' && error.cause instanceof z.core.$ZodError)
    return problem('invalid_input', { issues: issuesOf(error.cause) });
  if (error.code === 'BAD_REQUEST' && error.cause instanceof SyntaxError) return problem('invalid_json');
  return problem(reasonOfCode[error.code] ?? 'internal');
}
