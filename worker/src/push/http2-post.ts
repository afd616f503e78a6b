import { OutboundError } from '@fechatter/service-kit';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';

/** A request to a push service of the settings: never to an address that a person gave. */
export interface Http2Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal;
}

export interface Http2Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** At most 64 KiB of it. */
  readonly body: string;
}

/** Posts over HTTP/2, by one connection to each host. Throws an {@link OutboundError} if there is no response in 15 s. */
export interface Http2Post {
  (request: Http2Request): Promise<Http2Response>;
  /** Ends the connections, and what is being posted. */
  close(): void;
}

const TIMEOUT_MS = 15_000;
const ATTEMPTS_MAX = 2;
const IDLE_MS = 600_000;
const BODY_MAX_BYTES = 65_536;

/** `ca`: certificates that are trusted instead of the system’s; for tests. */
export function createHttp2Post({ ca }: { readonly ca?: string } = {}): Http2Post {
  const sessions = new Map<string, ClientHttp2Session>();

  const sessionOf = (origin: string): { readonly session: ClientHttp2Session; readonly isNew: boolean } => {
    const known = sessions.get(origin);
    if (known !== undefined && !known.closed && !known.destroyed) return { session: known, isNew: false };
    const session = connect(origin, { ...(ca !== undefined && { ca }), settings: { enablePush: false } });
    const forget = () => {
      if (sessions.get(origin) === session) sessions.delete(origin);
    };
    // Each request on it fails with the same error.
    session.on('error', forget).on('close', forget).on('goaway', forget);
    session.setTimeout(IDLE_MS, () => session.close());
    session.unref();
    sessions.set(origin, session);
    return { session, isNew: true };
  };

  const post = async (request: Http2Request): Promise<Http2Response> => {
    const late = AbortSignal.timeout(TIMEOUT_MS);
    const signal = request.signal === undefined ? late : AbortSignal.any([request.signal, late]);
    const { origin } = new URL(request.url);
    for (let attempt = 1; ; attempt++) {
      const { session, isNew } = sessionOf(origin);
      try {
        return await exchange(session, { ...request, signal });
      } catch (cause) {
        if (signal.aborted) {
          // The connection may be dead without a word; what still runs on it may end.
          if (late.aborted) leave(session);
          throw new OutboundError(late.aborted ? 'timeout' : 'unreachable', { cause });
        }
        // An old connection may have been closed by the other side at this moment.
        if (isNew || attempt === ATTEMPTS_MAX) throw new OutboundError('unreachable', { cause });
        leave(session);
      }
    }
  };
  const close = () => {
    for (const session of sessions.values()) session.destroy();
  };
  return Object.assign(post, { close });
}

function leave(session: ClientHttp2Session): void {
  if (session.connecting) session.destroy();
  else session.close();
}

function exchange(
  session: ClientHttp2Session,
  { url, headers, body, signal }: Http2Request & { readonly signal: AbortSignal },
): Promise<Http2Response> {
  const { pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const stream = session.request(
      { ':method': 'POST', ':path': pathname + search, ...headers, 'content-length': Buffer.byteLength(body) },
      { signal },
    );
    let answer: Omit<Http2Response, 'body'> | undefined;
    const parts: Buffer[] = [];
    let bytes = 0;
    stream
      .on('response', ({ ':status': status = 0, ...given }) => {
        answer = { status, headers: given };
      })
      .on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes <= BODY_MAX_BYTES) parts.push(part);
      })
      .on('error', reject)
      .on('close', () => {
        if (answer === undefined) reject(new Error('closed without a response'));
        else resolve({ ...answer, body: Buffer.concat(parts).toString() });
      })
      .end(body);
  });
}
