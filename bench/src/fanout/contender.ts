import type { StreamRequest } from '../load/subscribers.ts';

/** The size of one run: the number of subscribers, and of the rooms (chats or channels) that they are spread over. */
export interface Crowd {
  readonly subscribers: number;
  readonly rooms: number;
}

/** A program that fans messages out to streams, in its own process. */
export interface Contender extends AsyncDisposable {
  readonly name: string;
  /** The processes whose CPU and memory count. */
  readonly pids: () => readonly number[];
  /** The text that a stream has received once it is live. */
  readonly readyMark: string;
  /** The request of a subscriber, who belongs to room `number % rooms`. */
  requestOf(subscriber: number): StreamRequest;
  /** Publishes a message; resolves with the time (process.hrtime) from which its delivery counts. */
  publish(room: number, mark: number): Promise<bigint>;
}

/** The head of a request for a stream. */
export function headOf(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ host: '127.0.0.1', accept: 'text/event-stream', ...headers });
  return `GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}
