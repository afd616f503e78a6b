import { translated } from '../texts/translated.ts';

/** The texts of how the page looks. */
export const texts = translated('appearance', {
  title: 'Appearance',
  language: 'Language on this device',
  ofBrowser: 'As in the browser',
});
