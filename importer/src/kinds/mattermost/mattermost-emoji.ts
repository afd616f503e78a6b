import type { ImportedContent, ImportStream } from '../../stream.ts';
import { type Fields, fieldsOf } from '../lenient.ts';
import { linesOf } from '../lines.ts';

const EMOJI_LINE = /^\s*\{\s*"type"\s*:\s*"emoji"/;
const LINE_START_BYTES = 100;

/** Custom emoji, which the lines have behind the posts with them. */
export async function* mattermostEmoji(
  source: AsyncIterable<Buffer>,
  contentAt: (path: string) => ImportedContent | undefined,
): ImportStream {
  for await (const line of linesOf(source)) {
    if (line === undefined || !EMOJI_LINE.test(line.toString('latin1', 0, LINE_START_BYTES))) continue;
    const { name, image } = fieldsOf(lineIn(line)?.emoji);
    const picture = typeof image === 'string' ? contentAt(image.normalize('NFC')) : undefined;
    if (typeof name === 'string') yield { type: 'emoji', key: name, picture };
  }
}

/** A line; undefined if it cannot be read. */
export function lineIn(bytes: Buffer): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}
