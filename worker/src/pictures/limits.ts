/** The first byte that a process for pictures writes: it has loaded what it needs. */
export const READY = '+';

/** `picture`: re-encoded; `file`: unchanged, with a thumbnail; `emoji`: a small WebP. */
export const renderedAs = ['picture', 'file', 'emoji'] as const;
export type RenderedAs = (typeof renderedAs)[number];

/** Limits of one picture. A picture that exceeds one of them stays a file that is only downloaded. */
export const pictureLimits = {
  contentMaxBytes: 67_108_864,
  /** Of the result. */
  writtenMaxBytes: 134_217_728,
  framePixelsMax: 50_000_000,
  /** Of all frames of an animation together. */
  allPixelsMax: 150_000_000,
  /** The longer side. */
  thumbnailPixels: 720,
  /** Both sides of an emoji. */
  emojiPixels: 128,
  /** An animation that becomes larger is its first frame. */
  emojiMaxBytes: 262_144,
  memoryMaxKiB: 1_200_000,
  cpuMaxSeconds: 60,
  /** Far more than needed, because the machine may be busy. */
  deadlineMs: 300_000,
} as const;
