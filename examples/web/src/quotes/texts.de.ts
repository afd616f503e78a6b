import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  quote: 'Zitieren',
  quoting: (name) => `Zitat von ${name}`,
  remove: 'Nicht zitieren',
  goTo: (name) => `Zur Nachricht von ${name}`,
  deleted: 'Eine gelöschte Nachricht.',
};
