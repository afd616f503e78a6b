import { createReadStream } from 'node:fs';

const LINE_MAX_BYTES = 16_777_216;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** The lines of a file, without their ends, as bytes; undefined for one of more than 16 MiB. One at a time is in memory. */
export async function* linesOf(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer | undefined> {
  let pieces: Buffer[] = [];
  let length = 0;
  const take = (): Buffer | undefined => {
    const line = length > LINE_MAX_BYTES ? undefined : Buffer.concat(pieces);
    pieces = [];
    length = 0;
    return line?.at(-1) === RETURN ? line.subarray(0, -1) : line;
  };
  for await (const chunk of source) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      pieces.push(chunk.subarray(from, end));
      length += end - from;
      from = end + 1;
      yield take();
    }
    length += chunk.length - from;
    if (length > LINE_MAX_BYTES) pieces = [];
    else if (from < chunk.length) pieces.push(chunk.subarray(from));
  }
  if (length > 0) yield take();
}

/** The bytes of a file, a piece at a time. */
export const bytesOf = (path: string): AsyncIterable<Buffer> => createReadStream(path, { highWaterMark: 65_536 });
