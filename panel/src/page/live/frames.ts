/** One frame of a stream of server-sent events. */
export interface Frame {
  readonly event: string;
  readonly data: string;
  readonly id?: string;
  /** The raw text, without the empty lines at its end. */
  readonly raw: string;
}

const FRAME_MAX_CHARS = 4_000_000;

/** Splits a stream into frames. */
export async function* frames(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame, void, unknown> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value).replaceAll('\r\n', '\n').split('\n\n');
      rest = parts.pop() ?? '';
      if (rest.length > FRAME_MAX_CHARS) throw new Error('a frame without an end');
      for (const part of parts) {
        const raw = part.replace(/^\n+/, '');
        if (raw !== '') yield frameOf(raw);
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function frameOf(raw: string): Frame {
  const fields = raw.split('\n').map((line) => /^(?<name>[^:]*):? ?(?<value>.*)$/s.exec(line)?.groups ?? {});
  const all = (name: string) => fields.filter((field) => field['name'] === name).map(({ value = '' }) => value);
  const id = all('id').at(-1);
  return {
    event: all('event').at(-1) ?? 'message',
    data: all('data').join('\n'),
    raw,
    ...(id !== undefined && { id }),
  };
}
