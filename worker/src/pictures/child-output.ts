import { z } from 'zod';
import { pictureLimits } from './limits.ts';

const LINE_MAX_BYTES = 1_000;

const pixels = z.int().positive().max(pictureLimits.framePixelsMax);
/** The line before the content and the thumbnail. */
const OutputHead = z.object({
  mime: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']),
  width: pixels,
  height: pixels,
  contentBytes: z.int().nonnegative(),
  thumbnailBytes: z.int().positive(),
});
export type OutputHead = { readonly mime: string } & Omit<z.infer<typeof OutputHead>, 'mime'>;

/** A picture as a child has written it. */
export interface Picture {
  readonly mime: string;
  readonly width: number;
  readonly height: number;
  /** Empty if the picture stays as it is. */
  readonly content: Buffer;
  readonly thumbnail: Buffer;
}

/** What a child wrote after {@link READY}; undefined if it is not exactly one result: the child is not to be trusted. */
export function readOutput(output: Buffer): Picture | undefined {
  const lineEnd = output.subarray(0, LINE_MAX_BYTES).indexOf('\n');
  if (lineEnd < 0) return undefined;
  const { success, data } = OutputHead.safeParse(jsonIn(output.subarray(0, lineEnd)));
  if (!success || data.contentBytes + data.thumbnailBytes !== output.length - lineEnd - 1) return undefined;
  const { mime, width, height, contentBytes } = data;
  const body = output.subarray(lineEnd + 1);
  return { mime, width, height, content: body.subarray(0, contentBytes), thumbnail: body.subarray(contentBytes) };
}

function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
