import { listed, plural } from '../texts/plural.ts';
import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  add: 'Reaktion hinzufügen',
  reactions: 'Reaktionen',
  chip: (label, count) => `${label}, ${plural(count, { one: '# Person', other: '# Personen' })}`,
  who: ({ isOwn, names, more }) =>
    listed([
      ...(isOwn ? ['Du'] : []),
      ...names,
      ...(more > 0 ? [plural(more, { one: '# weitere Person', other: '# weitere Personen' })] : []),
    ]),
  with: (who, emoji) => `${emoji}: ${who}`,
};
