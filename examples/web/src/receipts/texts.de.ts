import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  readers: 'Wer sie gelesen hat',
  none: 'Bisher hat sie niemand gelesen.',
  reading: 'Wird geladen …',
};
