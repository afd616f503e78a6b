import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The fault of one request; undefined for none. */
export type Fault =
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string; readonly retryAfterSeconds?: number }
  /** The connection breaks after this many bytes of the response's body. */
  | { readonly kind: 'break the response'; readonly afterBytes: number }
  /** The response is complete by its own length, which is shorter. */
  | { readonly kind: 'shorten the response'; readonly toBytes: number }
  /** The connection breaks once this many bytes of the request's body have arrived. */
  | { readonly kind: 'break the request'; readonly afterBytes: number }
  /** The range is left out. */
  | { readonly kind: 'ignore the range' }
  /** Nothing comes, or nothing more. */
  | { readonly kind: 'be silent'; readonly afterBytes?: number }
  /** The request is carried out, and its response lost. */
  | { readonly kind: 'lose the response' };

/** An HTTP proxy in front of a store, which fails as a test demands. */
export interface FaultyProxy extends AsyncDisposable {
  readonly url: string;
  /** The requests that came, as `GET`, `PUT` …; the last one is last. */
  readonly requests: string[];
  /** Decides about each request that comes from now on. */
  fail(fault: (request: { method: string; count: number }) => Fault | undefined): void;
}

/** Starts a proxy to a store; `count` in a fault is 1 for the first request after `fail`. */
export async function faultyProxy(targetUrl: string): Promise<FaultyProxy> {
  const target = new URL(targetUrl);
  const requests: string[] = [];
  let faultOf: ((request: { method: string; count: number }) => Fault | undefined) | undefined;
  let count = 0;
  const server = createServer((near, response) => {
    const { method = 'GET' } = near;
    requests.push(method);
    count += 1;
    const fault = faultOf?.({ method, count });
    near.on('error', () => {});
    if (fault?.kind === 'refuse') return refuse(response, fault);
    if (fault?.kind === 'be silent' && fault.afterBytes === undefined) return;
    pass(near, response, fault);
  });

  const pass = (near: IncomingMessage, response: ServerResponse, fault: Fault | undefined) => {
    const headers = { ...near.headers };
    if (fault?.kind === 'ignore the range') delete headers.range;
    const far = request({ host: target.hostname, port: target.port, method: near.method, path: near.url, headers });
    far.on('error', () => response.destroy());
    far.on('response', (from) => passResponse(from, response, fault));
    let arrived = 0;
    near.on('data', (chunk: Buffer) => {
      arrived += chunk.length;
      if (fault?.kind === 'break the request' && arrived > fault.afterBytes) {
        near.destroy();
        far.destroy();
      } else far.write(chunk);
    });
    near.on('end', () => far.end());
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail(fault) {
      faultOf = fault;
      count = 0;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function refuse(response: ServerResponse, { status, code, retryAfterSeconds }: Fault & { kind: 'refuse' }): void {
  const again = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  response.writeHead(status, { 'content-type': 'application/xml', ...again });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
}

function passResponse(from: IncomingMessage, response: ServerResponse, fault: Fault | undefined): void {
  if (fault?.kind === 'lose the response') {
    response.destroy();
    from.resume();
    return;
  }
  const stop = fault && 'afterBytes' in fault && fault.kind !== 'break the request' ? fault.afterBytes : undefined;
  const short = fault?.kind === 'shorten the response' ? fault.toBytes : undefined;
  const headers = { ...from.headers, ...(short !== undefined && { 'content-length': String(short) }) };
  response.writeHead(from.statusCode ?? 500, headers);
  response.flushHeaders();
  let sent = 0;
  from.on('data', (chunk: Buffer) => {
    const allowed = Math.min(stop ?? Number.POSITIVE_INFINITY, short ?? Number.POSITIVE_INFINITY) - sent;
    const bytes = chunk.subarray(0, Math.max(0, allowed));
    sent += bytes.length;
    if (bytes.length > 0) response.write(bytes);
    if (bytes.length === chunk.length || short !== undefined) return;
    // What was written is to arrive before the connection breaks.
    if (fault?.kind === 'break the response') setImmediate(() => response.destroy());
    from.destroy();
  });
  from.on('end', () => response.end());
}
