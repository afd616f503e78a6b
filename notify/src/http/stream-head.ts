import type { ResponseHeaders } from '@fechatter/service-kit';
import type { OutgoingHttpHeaders } from 'node:http';

export interface StreamHeadOptions {
  readonly responseHeaders: ResponseHeaders;
  readonly requestId: string;
  readonly origin: string | null;
}

/** The head of a stream: the headers of tRPC's own streams, and those of every response of this service. */
export function streamHead({ responseHeaders, requestId, origin }: StreamHeadOptions): OutgoingHttpHeaders {
  const headers = new Headers({
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-request-id': requestId,
    vary: 'trpc-accept, accept',
  });
  responseHeaders.secure(headers);
  responseHeaders.cors(headers, origin);
  return Object.fromEntries(headers);
}
