/** A stream in pieces of `partBytes`, the last with the rest; read each to its end before the next. */
export async function* splitParts(
  content: AsyncIterable<Uint8Array>,
  partBytes: number,
): AsyncGenerator<AsyncIterable<Uint8Array>> {
  const chunks = content[Symbol.asyncIterator]();
  let held: Uint8Array | undefined;
  const next = async (): Promise<Uint8Array | undefined> => {
    while (held === undefined || held.length === 0) {
      const { value, done } = await chunks.next();
      if (done === true) return undefined;
      held = value;
    }
    return held;
  };
  async function* part(): AsyncGenerator<Uint8Array> {
    for (let left = partBytes; left > 0; ) {
      const chunk = await next();
      if (chunk === undefined) return;
      held = chunk.subarray(left);
      left -= Math.min(left, chunk.length);
      yield chunk.subarray(0, chunk.length - held.length);
    }
  }
  try {
    while ((await next()) !== undefined) yield part();
  } finally {
    await chunks.return?.();
  }
}
