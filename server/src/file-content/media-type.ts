import { fileTypeFromBuffer } from 'file-type';

/** The type of thumbnails. */
export const THUMBNAIL_MIME = 'image/webp';
/** How many bytes of a file determine its type. */
export const SNIFFED_BYTES = 4_100;
const UNKNOWN = 'application/octet-stream';

/** Types that a browser may show inline: pictures, audio and video without scripts. Not SVG, HTML or PDF. */
const shown: ReadonlySet<string> = new Set([
  'image/png',
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

/** Pictures that a worker re-encodes: libvips may read only these. */
const pictures: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

/** Whether content of this type is a picture that is checked before it can be downloaded. */
export const isPicture = (mime: string): boolean => pictures.has(mime);

/** Whether content of this type is shown in place, and not downloaded. */
export const isShownInPlace = (mime: string): boolean => shown.has(mime);

/**
 * The type of a file, by its first bytes. If that type is not shown in place, it is what its sender declared,
 * if that is not shown in place either.
 */
export async function mediaTypeOf(beginning: Uint8Array, declared: string): Promise<string> {
  // Content that is too short or too unusual to be recognised.
  const found = await fileTypeFromBuffer(beginning).catch(() => undefined);
  const mime = found && (otherNames[found.mime] ?? found.mime);
  if (mime !== undefined && isShownInPlace(mime)) return mime;
  return isShownInPlace(declared) ? UNKNOWN : declared;
}
