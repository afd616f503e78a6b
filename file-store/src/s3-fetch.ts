import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';

/** How long requests to a store may take, and how often they are repeated. */
export interface S3Limits {
  /** A response without a byte for this long counts as lost. */
  readonly quietMs: number;
  /** How long one attempt may wait for the store altogether. */
  readonly attemptMs: number;
  readonly attemptsMax: number;
  /** Before the second attempt; doubled with each further one. */
  readonly backoffMs: number;
}

/** An object of 8 MiB needs 2.3 Mbit/s. */
export const s3Limits: S3Limits = { quietMs: 10_000, attemptMs: 30_000, attemptsMax: 4, backoffMs: 200 };

const SOCKETS_MAX = 64;
const BACKOFF_MAX_MS = 5_000;
/** The maximum size of a response to a request that is not a read. */
const RESPONSE_MAX_BYTES = 65_536;
/** The store is busy or had a failure of its own: the same request may succeed later. */
const passing: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** The store did not respond in time. */
class TimedOutError extends Error {
  override readonly name = 'TimedOutError';
  readonly code = 'ETIMEDOUT';
}

interface Sent {
  readonly method?: string | undefined;
  readonly headers?: unknown;
  readonly body?: unknown;
}

/**
 * Sends the requests that s3mini has signed, with deadlines and bounded connections; repeats them if the store is busy or the
 * connection breaks. Follows no redirect: a signature is for one address. The reader of a body gets the error of a connection
 * that broke meanwhile.
 */
export function createS3Fetch({ quietMs, attemptMs, attemptsMax, backoffMs }: S3Limits): typeof fetch {
  const agents = {
    'http:': new HttpAgent({ keepAlive: true, maxSockets: SOCKETS_MAX }),
    'https:': new HttpsAgent({ keepAlive: true, maxSockets: SOCKETS_MAX }),
  };

  const attempt = (url: URL, { method = 'GET', headers, body }: Sent): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const isTls = url.protocol === 'https:';
      const request = (isTls ? httpsRequest : httpRequest)(url, {
        method,
        agent: agents[isTls ? 'https:' : 'http:'],
        headers: headers as Record<string, string>,
      });
      const timer = setTimeout(() => request.destroy(new TimedOutError('no response in time')), attemptMs);
      request.once('response', (response) => {
        clearTimeout(timer);
        resolve(response);
      });
      request.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      request.end(body instanceof Uint8Array || (typeof body === 'string' && body !== '') ? body : undefined);
    });

  /** Waits for the next bytes of a response; undefined at its end. */
  const nextOf = (response: IncomingMessage) => {
    const chunks = response.iterator({ destroyOnReturn: true });
    let leftMs = attemptMs;
    return async (): Promise<Uint8Array | undefined> => {
      const askedAtMs = performance.now();
      const timer = setTimeout(
        () => response.destroy(new TimedOutError('the response stopped')),
        Math.max(0, Math.min(quietMs, leftMs)),
      );
      const { done, value } = await chunks.next().finally(() => clearTimeout(timer));
      leftMs -= performance.now() - askedAtMs;
      return done === true ? undefined : (value as Uint8Array);
    };
  };

  const responseOf = async (response: IncomingMessage, method: string | undefined): Promise<Response> => {
    const status = response.statusCode ?? 0;
    const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const next = nextOf(response);
    if (method === 'GET') {
      const body = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            const chunk = await next();
            if (chunk === undefined) controller.close();
            else controller.enqueue(chunk);
          },
          cancel: () => void response.destroy(),
        },
        { highWaterMark: 0 },
      );
      return new Response(body, { status, headers });
    }
    // Read here, because s3mini does not read bodies that it does not use, and the connection would never be free again.
    const chunks: Uint8Array[] = [];
    for (let chunk = await next(), bytes = 0; chunk !== undefined && bytes < RESPONSE_MAX_BYTES; chunk = await next()) {
      chunks.push(chunk);
      bytes += chunk.length;
    }
    response.destroy();
    return new Response(chunks.length > 0 ? Buffer.concat(chunks) : null, { status, headers });
  };

  /** One request and its response; for GET, the beginning of it. */
  const responseTo = async (url: URL, sent: Sent): Promise<Response> =>
    responseOf(await attempt(url, sent), sent.method);

  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    for (let attempts = 1; ; attempts++) {
      const response = await responseTo(url, init ?? {}).catch((error: unknown) => {
        if (attempts >= attemptsMax) throw error;
        return undefined;
      });
      if (response !== undefined && (!passing.has(response.status) || attempts >= attemptsMax)) return response;
      await response?.body?.cancel();
      const againMs = Math.max(backoffMs * 2 ** (attempts - 1) * (0.5 + Math.random()), retryAfterMs(response));
      await wait(Math.min(againMs, BACKOFF_MAX_MS));
    }
  };
}

const retryAfterMs = (response: Response | undefined): number => {
  const seconds = Number(response?.headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? seconds * 1_000 : 0;
};
