import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  title: 'Emoji auswählen',
  search: 'Emoji suchen',
  loading: 'Emojis werden geladen …',
  nothing: 'Kein Emoji heißt so.',
  recent: 'Zuletzt verwendet',
  custom: 'Aus diesem Workspace',
  tone: 'Hautton',
  tones: ['Keiner', 'Hell', 'Mittelhell', 'Mittel', 'Mitteldunkel', 'Dunkel'],
  groups: [
    'Smileys und Gefühle',
    'Menschen',
    '',
    'Tiere und Natur',
    'Essen und Trinken',
    'Reisen und Orte',
    'Aktivitäten',
    'Gegenstände',
    'Symbole',
    'Flaggen',
  ],
};
