import type { ByteRange } from '@fechatter/file-store';
import type { ShellContext } from '@fechatter/service-kit';
import type { Deps } from '../deps.ts';
import { TRANSFER_BYTES } from '../file-content/file-content.ts';
import { readContent } from '../file-content/read-content.ts';
import type { Download } from './download-of.ts';

/** A caller that reads nothing for this long is disconnected. */
const UNREAD_MAX_MS = 60_000;

interface Reading {
  readonly file: Download;
  readonly range: ByteRange;
  /** Throws where the caller may not read the file any more. */
  readonly checkAccess: () => Promise<void>;
  /** Within this time a person who may no longer read gets no further byte. */
  readonly checkEveryMs: number;
}

/** A range of a file, read as fast as the caller does. */
export function contentStream(
  c: ShellContext,
  { files, log }: Pick<Deps, 'files' | 'log'>,
  { file, range, checkAccess, checkEveryMs }: Reading,
): ReadableStream<Uint8Array> {
  const { id, size_bytes: sizeBytes, wrapped_key: wrappedKey, objects } = file;
  const address = c.get('clientAddress');
  files.inFlight.hold(address, TRANSFER_BYTES);
  let isHeld = true;
  const end = () => {
    if (isHeld) files.inFlight.free(address, TRANSFER_BYTES);
    isHeld = false;
  };
  const outgoing = c.env?.outgoing;
  outgoing?.once('close', end);
  // Node restarts this timeout with each byte that is read.
  outgoing?.setTimeout(UNREAD_MAX_MS, () => outgoing.destroy());
  const content = readContent(files, { id, sizeBytes, wrappedKey, objects }, range);
  let checkedAtMs = performance.now();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (performance.now() - checkedAtMs > checkEveryMs) {
            await checkAccess();
            checkedAtMs = performance.now();
          }
          const { done, value } = await content.next();
          if (done !== true) {
            files.counts.sent += value.length;
            controller.enqueue(value);
            return;
          }
          end();
          controller.close();
        } catch (error) {
          log.warn({ err: error, fileId: id, requestId: c.get('requestId') }, 'a download ended before its end');
          end();
          await content.return(undefined).catch(() => {});
          // The status was sent already: the caller sees that the body is shorter than its length.
          if (outgoing === undefined) controller.error(error);
          else {
            outgoing.destroy();
            controller.close();
          }
        }
      },
      async cancel() {
        end();
        await content.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
