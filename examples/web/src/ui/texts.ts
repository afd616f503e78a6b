import { numberText } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

/** The texts of parts that every page has. */
export const texts = translated('ui', {
  close: 'Close',
  showMore: 'Show more',
  tooLong: ({ max, length }: { max: number; length: number }) =>
    `At most ${numberText(max)} characters; these are ${numberText(length)}.`,
  unexplained: 'The service cannot be reached at the moment. Please try again.',
  partMissing: 'This part of the page could not be loaded.',
  loadAgain: 'Load the page again',
  copyRefused: 'Your browser does not allow that: select the text, and copy it.',
  copied: 'Copied',
  shownOnce: (label: string) => `${label}; it is shown only now`,
  roles: { Guest: 'Guest', Member: 'Member', Admin: 'Admin', Owner: 'Owner' },
});
