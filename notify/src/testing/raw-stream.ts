import { connect, type Socket } from 'node:net';
import { type AwaitedFacts, awaitedFacts } from './awaited-facts.ts';

/** One frame of a stream, as it arrived. */
interface ReceivedFrame {
  readonly event: string | undefined;
  readonly data: string;
  readonly id: string | undefined;
}

/** A client that keeps every byte, for tests of what a real client would hide. */
export interface RawStream extends Disposable {
  readonly socket: Socket;
  status(): Promise<number>;
  head(): string;
  /** All bytes after the head. */
  body(): string;
  frames(): readonly ReceivedFrame[];
  readonly until: AwaitedFacts<readonly ReceivedFrame[]>['until'];
  /** Resolves when the server has ended the connection. */
  readonly ended: Promise<void>;
}

export interface RawRequest {
  readonly method?: string;
  readonly version?: '1.0' | '1.1';
  readonly body?: string;
}

/** Opens a stream with a raw request. */
export function rawStream(
  url: string,
  path: string,
  headers: Record<string, string> = {},
  { method = 'GET', version = '1.1', body: sent = '' }: RawRequest = {},
): RawStream {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const lines = Object.entries({ host: `${hostname}:${port}`, accept: 'text/event-stream', ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`${method} ${path} HTTP/${version}\r\n${head}\r\n${sent}`);
  let text = '';
  const headEnds = () => text.indexOf('\r\n\r\n');
  const body = () => text.slice(headEnds() + 4);
  const frames = () => (headEnds() < 0 ? [] : framesIn(body()));
  const facts = awaitedFacts(frames);
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    text += chunk;
    facts.changed();
  });
  socket.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => {
      facts.changed();
      resolve();
    });
  });
  return {
    socket,
    status: () => facts.until(() => headEnds() >= 0 && Number(text.split(' ')[1])),
    head: () => text.slice(0, headEnds()),
    body,
    frames,
    until: (fact, deadlineMs) => facts.until(fact, deadlineMs),
    ended,
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

const ATTEMPTS_MAX = 50;

/**
 * Opens a stream until one has begun with an event. An instance that is behind the token cuts after a while, and the
 * client must try again.
 */
export async function begunStream(...request: Parameters<typeof rawStream>): Promise<RawStream> {
  for (let attempts = 1; ; attempts += 1) {
    const stream = rawStream(...request);
    const hasBegun = () => stream.frames().some(({ id }) => id !== undefined);
    await stream.until(() => hasBegun() || stream.socket.closed);
    if (hasBegun()) return stream;
    stream[Symbol.dispose]();
    if (attempts === ATTEMPTS_MAX) throw new Error(`no stream has begun: ${stream.head()}${stream.body()}`);
  }
}

function framesIn(text: string): readonly ReceivedFrame[] {
  const whole = text.slice(0, text.lastIndexOf('\n\n') + 2);
  return whole
    .split('\n\n')
    .map((block) => block.replace(/^\n/, ''))
    .filter((block) => block !== '' && !block.startsWith('retry:'))
    .map((block) => {
      const field = (name: string) =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 2);
      return { event: field('event'), data: field('data') ?? '', id: field('id') };
    });
}
