import { translated } from '../texts/translated.ts';

/** The texts of saved messages. */
export const texts = translated('saved', {
  save: 'Save for later',
  unsave: 'Remove from saved',
  saved: 'Saved',
  title: 'Saved messages',
  none: 'Nothing is saved. Save what you want to find again, by the menu of a message; only you see it.',
  more: 'Show more',
});
