import { listed, plural } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

/** The texts of reactions. */
export const texts = translated('reactions', {
  add: 'Add a reaction',
  reactions: 'Reactions',
  /** What a screen reader says for a reaction. */
  chip: (label: string, count: number) => `${label}, ${plural(count, { one: '# person', other: '# people' })}`,
  /** Who reacted: first you, then others by name, then how many more. */
  who: ({ isOwn, names, more }: { isOwn: boolean; names: readonly string[]; more: number }) =>
    listed([
      ...(isOwn ? ['You'] : []),
      ...names,
      ...(more > 0 ? [plural(more, { one: '# other person', other: '# other people' })] : []),
    ]),
  with: (who: string, emoji: string) => `${who} reacted with ${emoji}`,
});
