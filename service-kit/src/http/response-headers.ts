import type { Config } from '../config/config.ts';

const allowed =
  'authorization, cache-control, content-type, if-none-match, if-range, last-event-id, range, x-request-id, trpc-accept';
const exposed =
  'x-request-id, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, Accept-Ranges, Content-Disposition, Content-Range, ETag';
const methods = 'GET, POST, PUT, PATCH, DELETE';
const PREFLIGHT_SECONDS = '600';
const HSTS = 'max-age=31536000';

export interface ResponseHeaders {
  /** Sets the headers that let a page of `origin` read a response; none for other pages. */
  cors(headers: Headers, origin: string | null): void;
  /** The response to a browser's preflight request from another origin. */
  preflight(origin: string | null): Response;
  /** Sets secure defaults; a response that sets one of these headers itself keeps it. */
  secure(headers: Headers): void;
}

/** The headers of every response of a service. */
export function responseHeaders({
  server,
  notify,
  service,
}: Pick<Config, 'server' | 'notify' | 'service'>): ResponseHeaders {
  const origins = new Set(server.corsOrigins);
  const { publicUrl } = service === 'notify' ? notify : server;
  const defaults = new Map([
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', 'DENY'],
    ['referrer-policy', 'no-referrer'],
    ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
    ['cache-control', 'no-store'],
    ...(publicUrl.startsWith('https:') ? [['strict-transport-security', HSTS] as const] : []),
  ]);

  const cors = (headers: Headers, origin: string | null) => {
    const isOpen = origins.has('*');
    if (!isOpen) headers.append('vary', 'Origin');
    if (origin === null || !(isOpen || origins.has(origin))) return;
    headers.set('access-control-allow-origin', isOpen ? '*' : origin);
    headers.set('access-control-expose-headers', exposed);
  };

  return {
    cors,
    preflight(origin) {
      const response = new Response(null, { status: 204 });
      cors(response.headers, origin);
      if (!response.headers.has('access-control-allow-origin')) return response;
      response.headers.set('access-control-allow-methods', methods);
      response.headers.set('access-control-allow-headers', allowed);
      response.headers.set('access-control-max-age', PREFLIGHT_SECONDS);
      return response;
    },
    secure(headers) {
      for (const [name, value] of defaults) if (!headers.has(name)) headers.set(name, value);
    },
  };
}
