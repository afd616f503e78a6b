import { createParser } from 'eventsource-parser';

export interface Frame {
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  readonly data: string;
}

const FRAME_MAX_CHARS = 8_388_608;

/**
 * Reads server-sent events from an answer until it ends. Throws when nothing, not even a ping, came for
 * `inactivityMs`: the connection is dead whatever TCP thinks.
 */
export async function readFrames(
  body: ReadableStream<Uint8Array>,
  inactivityMs: number,
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
        else reject(new Error(`nothing came for ${inactivityMs} ms`));
      }, atMs - performance.now());
    };
    check(performance.now() + inactivityMs);
  });
  let dueMs = performance.now() + inactivityMs;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), silence]);
      if (done) return;
      dueMs = performance.now() + inactivityMs;
      const text = decoder.decode(value, { stream: true });
      sizeChars += text.length;
      if (sizeChars > FRAME_MAX_CHARS) throw new Error('an event is larger than any can be');
      parser.feed(text);
    }
  } finally {
    clearTimeout(timer);
    void reader.cancel().catch(() => {});
  }
}
