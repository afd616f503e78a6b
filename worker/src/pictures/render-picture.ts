import sharp, { type Sharp } from 'sharp';
import { pictureLimits, type RenderedAs } from './limits.ts';

/** The only loaders in use: other formats of libvips (SVG, PDF, TIFF and more) never reach a parser. */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadPng',
    'VipsForeignLoadJpeg',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadWebp',
    'VipsForeignLoadHeif',
  ],
});
sharp.cache(false);
sharp.concurrency(1);

/** A picture that was read. */
export interface Rendered {
  readonly mime: string;
  readonly width: number;
  readonly height: number;
  /** Re-encoded without metadata; empty if the picture is unchanged. */
  readonly content: Buffer;
  readonly thumbnail: Buffer;
}

/** A picture that is too large, truncated, or of another format. */
class NotAPicture extends Error {
  override readonly name = 'NotAPicture';
}

interface Format {
  readonly mime: string;
  readonly isAnimated?: true;
  readonly write: (image: Sharp, input: Buffer) => Sharp;
}

const formats: Readonly<Record<string, Format>> = {
  jpeg: { mime: 'image/jpeg', write: (image) => image.jpeg({ quality: 88 }) },
  png: { mime: 'image/png', write: (image) => image.png() },
  gif: { mime: 'image/gif', isAnimated: true, write: (image) => image.gif({ effort: 3 }) },
  webp: {
    mime: 'image/webp',
    isAnimated: true,
    write: (image, input) => image.webp({ quality: 88, effort: 3, lossless: isLossless(input) }),
  },
  heif: { mime: 'image/avif', write: (image) => image.avif({ quality: 60, effort: 2 }) },
};
const isLossless = (webp: Buffer): boolean => webp.toString('latin1', 12, 16) === 'VP8L';

/**
 * Reads a picture and re-encodes it: rotated according to its EXIF, with its colour profile and its frames, and without other
 * metadata. A `file` only gets a thumbnail; an `emoji` becomes a small WebP. Throws if it cannot be read completely or exceeds a
 * limit.
 */
export async function renderPicture(input: Buffer, as: RenderedAs): Promise<Rendered> {
  const options = { failOn: 'error', limitInputPixels: pictureLimits.framePixelsMax } as const;
  const { format: name, compression, pages = 1, width, height, autoOrient } = await sharp(input, options).metadata();
  const format = formats[name];
  if (format === undefined || (name === 'heif' && compression !== 'av1')) throw new NotAPicture(`a ${name}`);
  const isAnimated = format.isAnimated === true && pages > 1;
  if (isAnimated && width * height * pages > pictureLimits.allPixelsMax) throw new NotAPicture('too many frames');
  if (as === 'emoji') return renderEmoji(input, isAnimated);
  const first = sharp(input, { ...options, autoOrient: true });
  const size = pictureLimits.thumbnailPixels;
  const thumbnail = await first
    .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 75 })
    .toBuffer();
  const shown = isAnimated ? { width, height } : autoOrient;
  if (as === 'file') return { mime: format.mime, ...shown, content: Buffer.alloc(0), thumbnail };
  const whole = isAnimated
    ? sharp(input, { ...options, animated: true, limitInputPixels: pictureLimits.allPixelsMax })
    : sharp(input, { ...options, autoOrient: true });
  const content = await format.write(whole.keepIccProfile(), input).toBuffer();
  return { mime: format.mime, width: shown.width, height: shown.height, content, thumbnail };
}

/** Its thumbnail is its first frame, for people who do not want animations. */
async function renderEmoji(input: Buffer, isAnimated: boolean): Promise<Rendered> {
  const size = pictureLimits.emojiPixels;
  const small = (image: Sharp) =>
    image
      .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 85, effort: 3 })
      .toBuffer({ resolveWithObject: true });
  const options = { failOn: 'error' } as const;
  const still = await small(
    sharp(input, { ...options, limitInputPixels: pictureLimits.framePixelsMax, autoOrient: true }),
  );
  const { width, height } = still.info;
  const moving = isAnimated
    ? (await small(sharp(input, { ...options, animated: true, limitInputPixels: pictureLimits.allPixelsMax }))).data
    : still.data;
  const content = moving.length > pictureLimits.emojiMaxBytes ? still.data : moving;
  return { mime: 'image/webp', width, height, content, thumbnail: still.data };
}
