import { plural } from '../texts/plural.ts';
import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  pin: 'Anpinnen',
  unpin: 'Lösen',
  pinned: 'Angepinnt',
  title: 'Angepinnte Nachrichten',
  titleOf: (chat) => `Angepinnt in ${chat}`,
  none: 'Hier ist nichts angepinnt. Pinne über das Menü einer Nachricht an, was andere wiederfinden sollen.',
  reading: 'Wird geladen …',
  count: (count) => plural(count, { one: '# angepinnte Nachricht', other: '# angepinnte Nachrichten' }),
};
