import { createParser } from 'eventsource-parser';
import { ConnectionError } from './connection-error.ts';

export interface Frame {
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  readonly data: string;
}

const FRAME_MAX_CHARS = 8_388_608;

export interface Patience {
  /**
   * How long the stream may be silent, without even a ping: after that the connection counts as dead, whatever TCP
   * says.
   */
  readonly inactivityMs: number;
  /** How long the first bytes may take: the service sends some at once. */
  readonly firstMs: number;
}

/**
 * Reads server-sent events from a response until it ends. Throws a {@link ConnectionError} if nothing arrives in time.
 */
export async function readFrames(
  body: ReadableStream<Uint8Array>,
  { inactivityMs, firstMs }: Patience,
  onFrame: (frame: Frame) => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let sizeChars = 0;
  const parser = createParser({
    onEvent(frame) {
      sizeChars = 0;
      onFrame(frame);
    },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    const check = (atMs: number) => {
      timer = setTimeout(() => {
        if (performance.now() < dueMs) check(dueMs);
        else reject(silent(isFirst ? firstMs : inactivityMs, isFirst));
      }, atMs - performance.now());
    };
    check(performance.now() + firstMs);
  });
  let isFirst = true;
  let dueMs = performance.now() + firstMs;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), silence]);
      if (done) return;
      isFirst = false;
      dueMs = performance.now() + inactivityMs;
      const text = decoder.decode(value, { stream: true });
      sizeChars += text.length;
      if (sizeChars > FRAME_MAX_CHARS) throw new Error('an event exceeds the maximum size');
      parser.feed(text);
    }
  } finally {
    clearTimeout(timer);
    void reader.cancel().catch(() => {});
  }
}

const silent = (ms: number, isFirst: boolean): ConnectionError =>
  isFirst
    ? new ConnectionError('buffered', `the stream was accepted, but nothing arrived within ${ms} ms`)
    : new ConnectionError('silent', `nothing arrived for ${ms} ms`);
