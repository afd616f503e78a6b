import { plural } from '../texts/plural.ts';
import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  title: 'Thread',
  unread: 'ungelesen',
  reply: 'Im Thread antworten',
  list: 'Threads',
  follow: 'Diesem Thread folgen',
  unfollow: 'Diesem Thread nicht mehr folgen',
  close: 'Thread schließen',
  back: 'Zurück zur Unterhaltung',
  allConversations: 'Alle Unterhaltungen',
  beginning: (count) =>
    count === 0 ? 'Noch keine Antworten.' : plural(count, { one: '# Antwort', other: '# Antworten' }),
  root: 'Die Nachricht, auf die geantwortet wurde',
  deleted: 'Diese Nachricht wurde gelöscht.',
  none: 'Du folgst noch keinem Thread. Du folgst einem, wenn du darin antwortest oder dir jemand antwortet.',
  reading: 'Wird geladen …',
  replies: (count) => plural(count, { one: '# Antwort', other: '# Antworten' }),
  newReplies: (count) => plural(count, { one: '# neue Antwort', other: '# neue Antworten' }),
  last: (when) => `zuletzt ${when}`,
  repliesIn: (chat) => `Antworten in einem Thread von ${chat}`,
  messageTo: (chat) => `Im Thread in ${chat} antworten`,
  placeholder: 'Antworten …',
};
