import {
  type Attributes,
  context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

// Spans go to the SDK that the operator loads before the service (`node --import`); without one they do nothing.
const tracer = trace.getTracer('fechatter');

export interface SpanOptions {
  /** `server`: handles a call; `consumer`: reads from the log; otherwise internal work. */
  readonly of?: 'server' | 'consumer';
  readonly attributes?: Attributes;
  /** The spans whose work this one does together: the first is its parent, the others are linked. */
  readonly together?: readonly SpanContext[];
}

const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER } as const;

/**
 * Runs work in a span, the parent of the spans within it. Of an error only the name is recorded, because its message
 * may quote users.
 */
export function inSpan<T>(
  name: string,
  { of, attributes, together }: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const options = {
    kind: of === undefined ? SpanKind.INTERNAL : kinds[of],
    ...(attributes !== undefined && { attributes }),
    ...(together !== undefined && { links: linksTo(together) }),
  };
  const [parent] = together ?? [];
  const within =
    together === undefined ? context.active() : parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
  return tracer.startActiveSpan(name, options, within, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'thrown' });
      throw error;
    } finally {
      span.end();
    }
  });
}

const linksTo = (spans: readonly SpanContext[]): Link[] => spans.slice(1).map((other) => ({ context: other }));

/**
 * Records a span of something that has already happened, within the current one. Times are milliseconds since the
 * epoch.
 */
export function recordSpan(name: string, startTime: number, attributes: Attributes): void {
  tracer.startSpan(name, { startTime, attributes }).end();
}

/** The current span, for links; undefined if nothing is recorded. */
export function currentSpan(): SpanContext | undefined {
  const span = trace.getActiveSpan();
  return span?.isRecording() === true ? span.spanContext() : undefined;
}

/** Adds attributes to the current span. */
export function setCurrentSpanAttributes(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
}
