import type { Vocabulary } from './made-texts.ts';

/** A search, in the language of our search box and in Postgres'; undefined: Postgres has none for it. */
export interface Question {
  readonly query: string;
  readonly tsquery: string | undefined;
}

export type Kind = 'common' | 'rare' | 'two words' | 'phrase' | 'prefix' | 'has:link' | 'CJK';

const plain = (query: string, tsquery: string | undefined): Question => ({ query, tsquery });

/** The nth search of each kind: another each time, but for links. */
export const kinds: Readonly<Record<Kind, (vocabulary: Vocabulary, n: number) => Question>> = {
  common: ({ word }, n) => plain(word(10 + (n % 40)), `'${word(10 + (n % 40))}'`),
  rare: ({ word }, n) => plain(word(20_000 + 97 * n), `'${word(20_000 + 97 * n)}'`),
  'two words': ({ word }, n) => {
    const [one, other] = [word(10 + (n % 40)), word(200 + 7 * n)];
    return plain(`${one} ${other}`, `'${one}' & '${other}'`);
  },
  phrase: ({ phrase }, n) =>
    plain(
      `"${phrase(n)}"`,
      phrase(n)
        .split(' ')
        .map((part) => `'${part}'`)
        .join(' <-> '),
    ),
  prefix: ({ word }, n) => {
    const beginning = word(300 + 11 * n).slice(0, 4);
    return plain(`${beginning}*`, `'${beginning}':*`);
  },
  'has:link': () => plain('has:link', `'has:link'`),
  // A text without spaces is one word to Postgres' parser: it finds nothing in it.
  CJK: ({ han }, n) => plain(han(n), undefined),
};
