import type { StreamRequest } from '../load/subscribers.ts';

/** The size of one run: so many subscribers, spread over so many rooms, each room a chat or a channel. */
export interface Crowd {
  readonly subscribers: number;
  readonly rooms: number;
}

/** Something that fans messages out to streams, as a process of its own. */
export interface Contender extends AsyncDisposable {
  readonly name: string;
  /** The processes whose CPU and memory count. */
  readonly pids: () => readonly number[];
  /** What a stream has received when it is up. */
  readonly readyMark: string;
  /** How the subscriber of this number asks; it belongs to room `number % rooms`. */
  requestOf(subscriber: number): StreamRequest;
  /** Publishes a message; resolves with the time (process.hrtime) from which its delivery counts. */
  publish(room: number, mark: number): Promise<bigint>;
}

/** The head of a request for a stream. */
export function headOf(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ host: '127.0.0.1', accept: 'text/event-stream', ...headers });
  return `GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}
