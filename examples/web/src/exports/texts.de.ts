import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  own: 'Meine Daten exportieren',
  reading: 'Wird gelesen …',
};
