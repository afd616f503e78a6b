import { on } from 'node:events';
import { join } from 'node:path';
import { type BenchProcess, benchProcess } from '../system/bench-process.ts';

/** The request for one stream, byte for byte. */
export interface StreamRequest {
  readonly port: number;
  readonly head: string;
  /** Texts to send before the stream is live, each after the given text has arrived. */
  readonly steps?: readonly { readonly after: string; readonly write: string }[];
}

export type ToSubscribers =
  | {
      readonly kind: 'open';
      readonly requests: readonly StreamRequest[];
      readonly readyMark: string;
      readonly frameEnd: string;
    }
  /** The number of streams that each message goes to. */
  | { readonly kind: 'expect'; readonly expected: number }
  | { readonly kind: 'say'; readonly stream: number; readonly text: string }
  | { readonly kind: 'close' };

export type FromSubscribers =
  | { readonly kind: 'opened' }
  | { readonly kind: 'lost'; readonly message: string }
  /** Messages that have reached all their subscribers, and when. */
  | { readonly kind: 'complete'; readonly messages: readonly (readonly [mark: number, atNs: string])[] };

/** Streams in their own process, which counts the messages that arrive. */
export interface Subscribers extends BenchProcess {
  /** `frameEnd`: the text that ends each frame; by default that of our own frames. */
  open(requests: readonly StreamRequest[], readyMark: string, frameEnd?: string): Promise<void>;
  /** Writes to a stream, by its number in the order of opening. */
  write(stream: number, text: string): void;
  /** Sets how many of the streams each message goes to. */
  expect(expected: number): void;
  /** Resolves with the time (process.hrtime) at which the last subscriber received the message. */
  complete(mark: number): Promise<bigint>;
  closeAll(): void;
}

const FRAME_END = '\n\n\n';
const COMPLETE_MAX_MS = 300_000;

/** The text that identifies a message in a frame. */
export const markText = (mark: number): string => `BENCH-${String(mark).padStart(8, '0')}`;

export function startSubscribers(folder: string): Subscribers {
  const running = benchProcess({
    entry: 'bench/src/load/subscribers-process.ts',
    logFile: join(folder, 'subscribers.log'),
  });
  const { child } = running;
  const waiting = new Map<number, (atNs: bigint) => void>();
  const early = new Map<number, bigint>();
  child.on('message', (message: FromSubscribers) => {
    if (message.kind === 'lost') throw new Error(`a stream was lost: ${message.message}`);
    if (message.kind !== 'complete') return;
    for (const [mark, atNs] of message.messages) {
      const resolve = waiting.get(mark);
      if (resolve === undefined) early.set(mark, BigInt(atNs));
      else resolve(BigInt(atNs));
    }
  });
  const send = (message: ToSubscribers) => void child.send(message);
  return {
    ...running,
    async open(requests, readyMark, frameEnd = FRAME_END) {
      send({ kind: 'open', requests, readyMark, frameEnd });
      for await (const [message] of on(child, 'message') as AsyncIterable<[FromSubscribers]>)
        if (message.kind === 'opened') return;
    },
    write: (stream, text) => send({ kind: 'say', stream, text }),
    expect: (expected) => send({ kind: 'expect', expected }),
    complete: (mark) =>
      new Promise((resolve, reject) => {
        const known = early.get(mark);
        early.delete(mark);
        if (known !== undefined) return resolve(known);
        const late = setTimeout(
          () => reject(new Error(`message ${mark} did not reach all within ${COMPLETE_MAX_MS} ms`)),
          COMPLETE_MAX_MS,
        );
        waiting.set(mark, (atNs) => {
          clearTimeout(late);
          waiting.delete(mark);
          resolve(atNs);
        });
        return undefined;
      }),
    closeAll: () => send({ kind: 'close' }),
  };
}
