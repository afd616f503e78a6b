import { createParser, type EventSourceMessage } from 'eventsource-parser';

const FRAME_MAX_CHARS = 8_388_608;

/**
 * Reads server-sent events from an answer until it ends. Throws when nothing, not even a ping, came for
 * `inactivityMs`: the connection is dead whatever TCP thinks.
 */
export async function* readFrames(
  body: ReadableStream<Uint8Array>,
  inactivityMs: number,
): AsyncGenerator<EventSourceMessage, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const frames: EventSourceMessage[] = [];
  let sizeChars = 0;
  const parser = createParser({
    onEvent(frame) {
      sizeChars = 0;
      frames.push(frame);
    },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for (;;) {
      const silence = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`nothing came for ${inactivityMs} ms`)), inactivityMs);
      });
      const { done, value } = await Promise.race([reader.read(), silence]);
      clearTimeout(timer);
      if (done) return;
      const text = decoder.decode(value, { stream: true });
      sizeChars += text.length;
      if (sizeChars > FRAME_MAX_CHARS) throw new Error('an event is larger than any can be');
      parser.feed(text);
      yield* frames.splice(0);
    }
  } finally {
    clearTimeout(timer);
    void reader.cancel().catch(() => {});
  }
}
