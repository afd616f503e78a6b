import { translated } from '../texts/translated.ts';

/** The texts of presence and status. */
export const texts = translated('presence', {
  online: 'online',
  idle: 'away',
  offline: 'offline',
  status: 'Status',
  statusText: 'What others see beside your name',
  emoji: 'Emoji',
  until: 'Clear it',
  save: 'Set status',
  clear: 'Clear status',
  spans: {
    '': 'Not by itself',
    '1800': 'In 30 minutes',
    '3600': 'In an hour',
    '14400': 'In 4 hours',
    '86400': 'In a day',
  },
});
