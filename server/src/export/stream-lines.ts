import { terminalJson } from '@fechatter/service-kit';

/** A reader that reads nothing for this long is disconnected. */
const STALL_MS = 60_000;

/**
 * Streams pages as JSON Lines; each page is read only when the reader has room. The last line, of type `end`, has the
 * number of lines before it: without it the export is incomplete. Control characters are escaped, so that it is safe to
 * show in a terminal.
 */
export function streamLines<Line>(
  pages: AsyncGenerator<readonly Line[]>,
  write: (line: Line) => unknown,
  { onError, onEnd }: { readonly onError: (error: unknown) => void; readonly onEnd?: () => void },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let count = 0;
  let stalled: NodeJS.Timeout | undefined;
  const close = () => {
    clearTimeout(stalled);
    onEnd?.();
    return pages.return(undefined).catch(onError);
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(stalled);
        try {
          const text = await nextText();
          controller.enqueue(encoder.encode(text ?? `${JSON.stringify({ type: 'end', lines: count })}\n`));
          if (text === undefined) {
            onEnd?.();
            return controller.close();
          }
          stalled = setTimeout(() => {
            controller.error(new Error('the reader has stopped'));
            void close();
          }, STALL_MS).unref();
        } catch (error) {
          onEnd?.();
          onError(error);
          controller.error(error);
        }
      },
      cancel: async () => void (await close()),
    },
    { highWaterMark: 0 },
  );

  /** The next page that has lines. */
  async function nextText(): Promise<string | undefined> {
    for (;;) {
      const { value, done } = await pages.next();
      if (done === true) return undefined;
      count += value.length;
      if (value.length > 0) return value.map((line) => `${terminalJson(JSON.stringify(write(line)))}\n`).join('');
    }
  }
}
