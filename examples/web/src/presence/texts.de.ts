import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  online: 'online',
  idle: 'abwesend',
  offline: 'offline',
  status: 'Status',
  statusText: 'Was andere neben deinem Namen sehen',
  emoji: 'Emoji',
  until: 'Entfernen',
  save: 'Status setzen',
  clear: 'Status entfernen',
  spans: {
    '': 'Nicht automatisch',
    '1800': 'In 30 Minuten',
    '3600': 'In einer Stunde',
    '14400': 'In 4 Stunden',
    '86400': 'In einem Tag',
  },
};
