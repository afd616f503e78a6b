import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  title: 'Darstellung',
  language: 'Sprache auf diesem Gerät',
  ofBrowser: 'Wie im Browser',
};
