import { parseUrl } from '@fechatter/contract';
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions as HttpsOptions } from 'node:https';
import { type BlockList, isIP } from 'node:net';
import { RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { addressList } from '../config/address-settings.ts';
import type { Config } from '../config/config.ts';
import { type Address, createLookUp, type LookUp } from './look-up.ts';
import { OutboundError } from './outbound-error.ts';

/** A request to an address that a person gave. */
export interface OutgoingRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** For everything together: the look-up, the connection and the response. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** The response without its body, which is not read: any status except a redirect. */
export interface OutgoingResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
}

/** Throws an {@link OutboundError} if there is no response. */
export type GuardedRequest = (request: OutgoingRequest) => Promise<OutgoingResponse>;

/** A response whose body is read as it comes; reading it ends with an error after the deadline. */
export interface OutgoingDownload extends OutgoingResponse {
  readonly body: IncomingMessage;
}
/** The same with the body: the caller bounds what it reads, and destroys the body if it does not read it. */
export type GuardedDownload = (request: Omit<OutgoingRequest, 'body' | 'method'>) => Promise<OutgoingDownload>;

export interface GuardedRequestOptions {
  /** Default: {@link createLookUp}. */
  readonly lookUp?: LookUp;
  /** Certificates that are trusted instead of the system’s; for tests. */
  readonly ca?: string;
}

const HEADERS_MAX_BYTES = 16_384;
/** All other IPv6 addresses are special; the agent takes some of them (`::7f00:1`, IPv4-compatible) for public ones. */
const globalIpv6 = addressList(['2000::/3']);
const PORTS = ['', '443', '8443'];
/** Of a body that nobody reads, before its connection is ended instead of being used again. */
const DRAINED_MAX_BYTES = 16_384;
const DRAIN_MAX_MS = 1_000;
/** Connections are used again, which saves push services and receivers of webhooks a handshake a request. */
const KEPT = { keepAlive: true, timeout: 4_000, maxFreeSockets: 48 } as const;

/**
 * The one way out to addresses that people gave: https to ports 443 and 8443 of public addresses, no redirects. The networks
 * of `outbound.allow` are the operator's own: there any port and plain http are allowed. A host is looked up once, and what
 * was checked is what is connected to, so that a DNS server cannot return another address for the connection.
 */
export function createGuardedRequest(
  config: Pick<Config, 'outbound'>,
  options: GuardedRequestOptions = {},
): GuardedRequest {
  const answered = answering(config, options);
  return (request) =>
    answered(request, async (response) => {
      const head = headOf(response);
      drain(response);
      return head;
    });
}

/** The same way out for responses whose bodies are needed. */
export function createGuardedDownload(
  config: Pick<Config, 'outbound'>,
  options: GuardedRequestOptions = {},
): GuardedDownload {
  const answered = answering(config, options);
  return (request) => answered({ ...request, method: 'GET' }, async (body) => ({ ...headOf(body), body }));
}

function answering({ outbound }: Pick<Config, 'outbound'>, { lookUp = createLookUp(), ca }: GuardedRequestOptions) {
  const allowed = addressList(outbound.allow);
  const agents = newAgents();
  return async <T>(
    { timeoutMs, signal, ...request }: OutgoingRequest,
    take: (response: IncomingMessage) => Promise<T>,
  ): Promise<T> => {
    const late = AbortSignal.timeout(timeoutMs);
    const ended = signal === undefined ? late : AbortSignal.any([signal, late]);
    try {
      const url = urlOf(request.url);
      const addresses = await orAborted(addressesOf(url, lookUp, ended), ended);
      const route = { ...routeOf(url, addresses, allowed, agents), ...(ca !== undefined && { ca }), signal: ended };
      return await take(await send(url, request, route));
    } catch (cause) {
      if (cause instanceof OutboundError) throw cause;
      if (late.aborted) throw new OutboundError('timeout', { cause });
      throw new OutboundError('unreachable', { cause });
    }
  };
}

function urlOf(text: string): URL {
  const url = parseUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username + url.password !== '')
    throw new OutboundError('invalid_url');
  return url;
}

async function addressesOf({ hostname }: URL, lookUp: LookUp, signal: AbortSignal): Promise<readonly Address[]> {
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(literal);
  if (family !== 0) return [{ address: literal, family }];
  const found = await lookUp(hostname, signal);
  if (found.length === 0) throw new OutboundError('unreachable');
  return found;
}

/** Each keeps its own connections: what was opened to the operator's networks serves no other request. */
const newAgents = () => ({
  ownHttp: new HttpAgent(KEPT),
  ownHttps: new HttpsAgent(KEPT),
  open: new RequestFilteringHttpsAgent(KEPT),
});

/** How to reach these addresses, if that is allowed. The agent refuses addresses that are not public when it connects. */
function routeOf(url: URL, addresses: readonly Address[], allowed: BlockList, agents: ReturnType<typeof newAgents>) {
  const isSecure = url.protocol === 'https:';
  const isOperators = addresses.every(({ address, family }) => allowed.check(address, family === 6 ? 'ipv6' : 'ipv4'));
  if (isOperators) return { addresses, agent: isSecure ? agents.ownHttps : agents.ownHttp };
  if (!isSecure || !PORTS.includes(url.port)) throw new OutboundError('forbidden_address');
  if (addresses.some(({ address, family }) => family === 6 && !globalIpv6.check(address, 'ipv6')))
    throw new OutboundError('forbidden_address');
  return { addresses, agent: agents.open };
}

interface Route extends Pick<HttpsOptions, 'agent' | 'signal' | 'ca'> {
  readonly addresses: readonly Address[];
}

async function send(
  url: URL,
  request: Omit<OutgoingRequest, 'timeoutMs' | 'signal'>,
  wholeRoute: Route,
): Promise<IncomingMessage> {
  const { method, headers, body } = request;
  const { addresses, ...route } = wholeRoute;
  const options: HttpsOptions = {
    ...route,
    method,
    headers: { ...headers, 'content-length': Buffer.byteLength(body ?? '') },
    maxHeaderSize: HEADERS_MAX_BYTES,
    lookup: (_, { all }, done) => {
      const [first] = addresses;
      if (all === true) return done(null, [...addresses]);
      done(null, first?.address ?? '', first?.family);
    },
  };
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise<IncomingMessage>((resolve, reject) => {
    let hasResponse = false;
    const sent = open(url, options, resolve)
      .on('response', () => {
        hasResponse = true;
      })
      .on('error', (error) => {
        // A connection that is lost during the body is an error of the request, too.
        if (hasResponse) return;
        // The other side had closed a connection that was kept: each try drops one of them, until one is new.
        if (sent.reusedSocket && isReset(error)) resolve(send(url, request, wholeRoute));
        else reject(isFiltered(error) ? new OutboundError('forbidden_address', { cause: error }) : error);
      })
      // Without any other event, if the response switches to another protocol. After a response this changes nothing.
      .on('close', () => reject(new Error('closed without a response')))
      .end(body);
  });
}

function headOf(response: IncomingMessage): OutgoingResponse {
  const { statusCode: status = 0, headers } = response;
  if (status < 300 || status >= 400) return { status, headers };
  response.destroy();
  throw new OutboundError('redirected');
}

/** Reads what is left of a short body, so that its connection can be used again. */
function drain(response: IncomingMessage): void {
  let bytes = 0;
  const late = setTimeout(() => response.destroy(), DRAIN_MAX_MS).unref();
  response
    .on('close', () => clearTimeout(late))
    .on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > DRAINED_MAX_BYTES) response.destroy();
    })
    // The response counts, whatever becomes of its body.
    .on('error', () => {});
}

const isReset = (error: NodeJS.ErrnoException): boolean => error.code === 'ECONNRESET' || error.code === 'EPIPE';

/** The agent's own errors have no code. */
const isFiltered = (error: Error): boolean => error.message.includes('is not allowed. Because');

/** A look-up by the system cannot be cancelled; its result is dropped. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
