import { serialize } from 'superjson';
import type { Problem } from './problem.ts';
import { trpcShape } from './trpc-options.ts';

/** The body of an error over plain HTTP. */
export interface ErrorBody {
  readonly error: {
    readonly code: Problem['code'];
    readonly reason: Problem['reason'];
    readonly message: string;
    readonly request_id: string;
    readonly issues?: Problem['issues'];
    readonly challenge?: string;
    readonly methods?: readonly string[];
  };
}

/** The body for a problem over plain HTTP. */
export function errorBody({ code, reason, message, issues, secondFactor }: Problem, requestId: string): ErrorBody {
  return { error: { code, reason, message, request_id: requestId, ...(issues && { issues }), ...secondFactor } };
}

/** The headers of an error on either wire: when to try again, and how to sign in. */
export function errorHeaders({ status, retryAfterMs }: Pick<Problem, 'status' | 'retryAfterMs'>) {
  const headers: Record<string, string> = {};
  if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1_000)));
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  return headers;
}

function jsonResponse(body: unknown, problem: Problem): Response {
  const headers = { 'content-type': 'application/json', ...errorHeaders(problem) };
  return new Response(JSON.stringify(body), { status: problem.status, headers });
}

/** An error as a complete response over plain HTTP. */
export function errorResponse(problem: Problem, requestId: string): Response {
  return jsonResponse(errorBody(problem, requestId), problem);
}

/** An error as a complete response to a tRPC client, for requests that do not reach tRPC. */
export function trpcErrorResponse(problem: Problem, requestId: string): Response {
  return jsonResponse({ error: serialize(trpcShape(problem, { requestId })) }, problem);
}
