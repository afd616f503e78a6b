/** The texts of receipts. */
export const texts = {
  readers: 'Who has read it',
  none: 'Nobody has read it yet.',
  reading: 'Reading…',
} as const;
