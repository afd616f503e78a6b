import { translated } from '../texts/translated.ts';

/** The texts of receipts. */
export const texts = translated('receipts', {
  readers: 'Who has read it',
  none: 'Nobody has read it yet.',
  reading: 'Reading…',
});
