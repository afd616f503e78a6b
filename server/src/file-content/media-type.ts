import { fileTypeFromBuffer } from 'file-type';

/** How many bytes of a file say what it is. */
export const SNIFFED_BYTES = 4_100;
const UNKNOWN = 'application/octet-stream';

/** What a browser may show by itself: pictures, sounds and films that run nothing. Not SVG, HTML or PDF. */
const shown: ReadonlySet<string> = new Set([
  'image/png',
  'image/apng',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'audio/mpeg',
  'audio/mp4',
  'audio/aac',
  'audio/ogg',
  'audio/wav',
  'audio/flac',
  'video/mp4',
  'video/webm',
]);
const otherNames: Readonly<Record<string, string>> = {
  'audio/x-m4a': 'audio/mp4',
  'audio/ogg; codecs=opus': 'audio/ogg',
};

/** Whether content of this type is shown in place, and not downloaded. */
export const isShownInPlace = (mime: string): boolean => shown.has(mime);

/**
 * The type of a file, by its first bytes. Where they are nothing that is shown in place, it is what its sender took it
 * for, if that is nothing of the kind either.
 */
export async function mediaTypeOf(beginning: Uint8Array, declared: string): Promise<string> {
  // Whatever is too short or too strange to be told apart.
  const found = await fileTypeFromBuffer(beginning).catch(() => undefined);
  const mime = found && (otherNames[found.mime] ?? found.mime);
  if (mime !== undefined && isShownInPlace(mime)) return mime;
  return isShownInPlace(declared) ? UNKNOWN : declared;
}
