import { translated } from '../texts/translated.ts';

/** The texts of quotes. */
export const texts = translated('quotes', {
  quote: 'Quote',
  quoting: (name: string) => `Quoting ${name}`,
  remove: 'Do not quote it',
  goTo: (name: string) => `Go to the message of ${name}`,
  deleted: 'A message that was deleted.',
});
