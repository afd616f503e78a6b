import { plural } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

/** The texts in messages that are not the writer's. */
export const texts = translated('markdown', {
  everyone: '@everyone',
  person: (name: string | undefined) => `@${name ?? 'someone'}`,
  chat: (name: string) => `#${name}`,
  unknownChat: '#another channel',
  less: 'Show less',
  more: ({ hiddenLines, hiddenChars }: { hiddenLines: number; hiddenChars: number }) =>
    hiddenLines > 1
      ? `Show more (${plural(hiddenLines, { one: '# line', other: '# lines' })})`
      : `Show more (${plural(hiddenChars, { one: '# character', other: '# characters' })})`,
});
