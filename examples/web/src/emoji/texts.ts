import { translated } from '../texts/translated.ts';

/** The texts of choosing an emoji. */
export const texts = translated('emoji', {
  title: 'Choose an emoji',
  search: 'Search emoji',
  loading: 'Loading emoji…',
  nothing: 'No emoji is called that.',
  recent: 'Recent',
  custom: 'Of this workspace',
  tone: 'Skin tone',
  tones: ['None', 'Light', 'Medium-light', 'Medium', 'Medium-dark', 'Dark'],
  /** By emojibase's numbers of groups; 2 has none of its own. */
  groups: [
    'Smileys and emotion',
    'People',
    '',
    'Animals and nature',
    'Food and drink',
    'Travel and places',
    'Activities',
    'Objects',
    'Symbols',
    'Flags',
  ],
});
