import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type ByteRange, type FileStore, WrongSizeError } from './store.ts';

/** The content of one segment. */
export const SEGMENT_BYTES = 65_536;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = IV_BYTES + TAG_BYTES;
/** The size of a segment in an object; reads of a multiple of it need no copy to be joined. */
export const SEALED_BYTES = SEGMENT_BYTES + OVERHEAD_BYTES;

/** A part of a file, as one object of a store. */
export interface Part {
  readonly fileId: string;
  readonly objectId: string;
  /** The index of the part's first segment in the whole file. */
  readonly firstSegment: number;
  /** The size of its content. */
  readonly sizeBytes: number;
  /** Whether the file ends with it. */
  readonly isLast: boolean;
}

/** An object was truncated, changed, or replaced by another one. */
export class BrokenObjectError extends Error {
  override readonly name = 'BrokenObjectError';
}

/** The encrypted size of content of this size. */
export const sealedSize = (sizeBytes: number): number =>
  sizeBytes + Math.ceil(sizeBytes / SEGMENT_BYTES) * OVERHEAD_BYTES;

/**
 * AES-256-GCM by segments of 64 KiB, each a nonce (12 bytes), ciphertext and tag (16). File, object, the segment's index in
 * the file and whether the file ends with it are authenticated, so no segment can be moved, repeated or left out. Throws a
 * {@link WrongSizeError} if the content is not of the part's size.
 */
export async function* sealSegments(
  key: Uint8Array,
  part: Part,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const segment = Buffer.allocUnsafe(SEGMENT_BYTES);
  let filled = 0;
  let sealed = 0;
  const seal = (): Buffer => {
    const bytes = sealOne(key, aboutSegment(part, sealed), segment.subarray(0, filled));
    sealed += 1;
    filled = 0;
    return bytes;
  };
  let arrived = 0;
  for await (const chunk of content) {
    arrived += chunk.length;
    if (arrived > part.sizeBytes) throw new WrongSizeError('more content than announced');
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(chunk.length - at, SEGMENT_BYTES - filled);
      segment.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled === SEGMENT_BYTES) yield seal();
    }
  }
  if (arrived < part.sizeBytes) throw new WrongSizeError('less content than announced');
  if (filled > 0) yield seal();
}

/** Reads a range of a part's content. Throws a {@link BrokenObjectError} before it returns a byte that was changed. */
export async function* openSegments(
  key: Uint8Array,
  part: Part,
  { start, end }: ByteRange,
  store: Pick<FileStore, 'read'>,
): AsyncGenerator<Buffer> {
  if (start >= end) return;
  const first = Math.floor(start / SEGMENT_BYTES);
  const last = Math.ceil(end / SEGMENT_BYTES);
  const sealed = { start: first * SEALED_BYTES, end: Math.min(last * SEALED_BYTES, sealedSize(part.sizeBytes)) };
  let index = first;
  for await (const segments of sealedSegments(store.read(part.objectId, sealed), sealed.end - sealed.start)) {
    const at = index * SEGMENT_BYTES;
    const content = inOne(segments.map((bytes, n) => openOne(key, aboutSegment(part, index + n), bytes)));
    index += segments.length;
    yield content.subarray(Math.max(0, start - at), Math.min(content.length, end - at));
  }
}

/** The segments that are complete with each read of a store; the last of all may be shorter. */
async function* sealedSegments(bytes: AsyncIterable<Buffer>, sizeBytes: number): AsyncGenerator<Buffer[]> {
  let rest: Buffer = Buffer.alloc(0);
  let left = sizeBytes;
  for await (const chunk of bytes) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const segments: Buffer[] = [];
    let at = 0;
    for (let next = Math.min(SEALED_BYTES, left); next > 0 && rest.length - at >= next; ) {
      segments.push(rest.subarray(at, at + next));
      at += next;
      left -= next;
      next = Math.min(SEALED_BYTES, left);
    }
    rest = rest.subarray(at);
    if (segments.length > 0) yield segments;
  }
  if (left > 0) throw new BrokenObjectError('an object ends too early');
}

/** Each buffer that a download passes on costs more than copying it. */
function inOne(segments: readonly Buffer[]): Buffer {
  const [only] = segments;
  return only !== undefined && segments.length === 1 ? only : Buffer.concat(segments);
}

interface SegmentPlace {
  readonly authenticated: Buffer;
}

function aboutSegment({ fileId, objectId, firstSegment, sizeBytes, isLast }: Part, index: number): SegmentPlace {
  const endsFile = isLast && (index + 1) * SEGMENT_BYTES >= sizeBytes;
  return {
    authenticated: Buffer.from(
      `fechatter.file.segment\0${fileId}\0${objectId}\0${firstSegment + index}\0${endsFile ? 'last' : 'more'}`,
    ),
  };
}

function sealOne(key: Uint8Array, { authenticated }: SegmentPlace, content: Uint8Array): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(authenticated);
  return Buffer.concat([iv, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

function openOne(key: Uint8Array, { authenticated }: SegmentPlace, sealed: Buffer): Buffer {
  if (sealed.length <= OVERHEAD_BYTES) throw new BrokenObjectError('a segment is too short');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(authenticated);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const content = decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES));
  try {
    decipher.final();
  } catch (cause) {
    throw new BrokenObjectError('a segment was changed', { cause });
  }
  return content;
}
