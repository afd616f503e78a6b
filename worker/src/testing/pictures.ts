import sharp from 'sharp';

/** What a phone writes into its pictures, without the place. */
const CAMERA = 'Phone of Alice';

const half = (background: string) =>
  sharp({ create: { width: 60, height: 20, channels: 3, background } })
    .png()
    .toBuffer();

/** A JPEG of red above blue, 60 × 40 as stored, with camera, place and XMP, and the given orientation. */
export function photo(orientation: number): Promise<Buffer> {
  return Promise.all([half('#f00'), half('#00f')]).then(([top, bottom]) =>
    sharp({ create: { width: 60, height: 40, channels: 3, background: '#000' } })
      .composite([
        { input: top, top: 0, left: 0 },
        { input: bottom, top: 20, left: 0 },
      ])
      .withExif({
        IFD0: { Make: CAMERA },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100', GPSLongitudeRef: 'W', GPSLongitude: '0/1 7/1 4366/100' },
      })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>')
      .withMetadata({ orientation })
      .withIccProfile('p3')
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toBuffer(),
  ); // biome-ignore format: long values
}

/** A GIF of three frames. */
export function animation(format: 'gif' | 'webp'): Promise<Buffer> {
  const frames = Buffer.concat(['#f00', '#0f0', '#00f'].map((colour) => frameOf(colour)));
  const raw = { width: 10, height: 30, channels: 3, pageHeight: 10 } as const;
  return sharp(frames, { raw })
    .toFormat(format, { delay: [50, 60, 70], loop: 2 })
    .toBuffer();
}

function frameOf(colour: string): Buffer {
  const [r, g, b] = colour
    .slice(1)
    .split('')
    .map((digit) => Number.parseInt(digit + digit, 16));
  return Buffer.from(Array.from({ length: 100 }, () => [r ?? 0, g ?? 0, b ?? 0]).flat());
}
