import { plural } from '../texts/plural.ts';
import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  everyone: '@alle',
  person: (name) => `@${name ?? 'jemand'}`,
  chat: (name) => `#${name}`,
  unknownChat: '#ein anderer Kanal',
  less: 'Weniger anzeigen',
  more: ({ hiddenLines, hiddenChars }) =>
    hiddenLines > 1
      ? `Mehr anzeigen (${plural(hiddenLines, { one: '# Zeile', other: '# Zeilen' })})`
      : `Mehr anzeigen (${plural(hiddenChars, { one: '# Zeichen', other: '# Zeichen' })})`,
};
