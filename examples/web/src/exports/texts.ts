import { translated } from '../texts/translated.ts';

/** The texts of exports. */
export const texts = translated('exports', {
  own: 'Export my data',
  reading: 'Reading…',
});
