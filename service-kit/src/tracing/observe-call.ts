import { SpanStatusCode } from '@opentelemetry/api';
import type { TRPCError } from '@trpc/server';
import type { IsUnavailable } from '../errors/problem.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { inSpan } from './span.ts';

/** The result that a tRPC middleware gets from `next`. */
type Outcome = { readonly ok: true } | { readonly ok: false; readonly error: TRPCError };

export interface ObservedCall {
  readonly metrics: Pick<Metrics, 'procedures'>;
  /** The procedure's name in the router. */
  readonly path: string;
  readonly requestId: string;
  readonly isUnavailable?: IsUnavailable;
}

/** Runs one call of a procedure, counted and in a span of its name. The outermost middleware of every procedure. */
export function observeCall<Result extends Outcome>(
  { metrics, path, requestId, isUnavailable }: ObservedCall,
  next: () => Promise<Result>,
): Promise<Result> {
  const startedAtMs = performance.now();
  return inSpan(path, { of: 'server' }, async (span) => {
    const result = await next();
    const error = result.ok ? undefined : result.error;
    const code = metrics.procedures.ended(path, performance.now() - startedAtMs, error, isUnavailable);
    if (span.isRecording()) {
      span.setAttributes({
        'rpc.system': 'trpc',
        'rpc.method': path,
        'fechatter.request_id': requestId,
        'fechatter.code': code,
      });
      if (code === 'INTERNAL_SERVER_ERROR') span.setStatus({ code: SpanStatusCode.ERROR, message: code });
    }
    return result;
  });
}
