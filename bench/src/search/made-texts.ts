import type { Chance } from '@fechatter/testing/chance';

/** A made-up message. */
export interface MadeText {
  readonly content: string;
  readonly hasLink: boolean;
}

/** The words of made-up messages, the commonest first. */
export interface Vocabulary {
  readonly word: (rank: number) => string;
  /** Two letters of a Han text that are often adjacent. */
  readonly han: (n: number) => string;
  readonly phrase: (n: number) => string;
  readonly next: () => MadeText;
}

const WORDS = 50_000;
const HAN = 2_000;
const HAN_FIRST = 0x4e00;
const PHRASES = 300;
/** The words of a phrase: neither common nor rare. */
const PHRASE_RANK = 500;
const WORDS_MIN = 4;
const WORDS_SPREAD = 17;
const HAN_CHARS = 24;
const PARTS = { link: 0.05, han: 0.05, phrase: 0.03 };

const syllables = 'bdfghklmnprstv'.split('').flatMap((first) => 'aeiou'.split('').map((second) => first + second));
/** A stride that meets every word of three syllables once, so that neighbours in rank do not begin alike. */
const STRIDE = 7_919;

const wordOf = (rank: number): string => {
  const count = syllables.length;
  const at = (rank * STRIDE) % count ** 3;
  return [at % count, Math.floor(at / count) % count, Math.floor(at / count ** 2)].map((n) => syllables[n]).join('');
};

const han = (rank: number): string => String.fromCharCode(HAN_FIRST + rank);

/** Texts whose words are as frequent as those of a language: the second is half as common as the first. */
export function vocabularyOf(chance: Chance): Vocabulary {
  const words = Array.from({ length: WORDS }, (_, rank) => wordOf(rank));
  const wordRank = byRank(WORDS, chance);
  const hanRank = byRank(HAN, chance);
  const phrase = (n: number) => {
    const rank = PHRASE_RANK + 2 * (n % PHRASES);
    return `${words[rank]} ${words[rank + 1]}`;
  };
  const sentence = () => {
    const chosen = Array.from({ length: WORDS_MIN + chance.below(WORDS_SPREAD) }, () => words[wordRank()] ?? '');
    if (chance.hits(PARTS.phrase)) chosen[chance.below(chosen.length)] = phrase(chance.below(PHRASES));
    return chosen.join(' ');
  };
  return {
    word: (rank) => words[rank] ?? '',
    han: (n) => han(n % 40) + han((n * 7) % 40),
    phrase,
    next() {
      if (chance.hits(PARTS.han))
        return { content: Array.from({ length: HAN_CHARS }, () => han(hanRank())).join(''), hasLink: false };
      const hasLink = chance.hits(PARTS.link);
      return { content: hasLink ? `${sentence()} https://example.com/${chance.below(1e9)}` : sentence(), hasLink };
    },
  };
}

/** Ranks by Zipf's law. */
function byRank(count: number, chance: Chance): () => number {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) sums[rank] = sum += 1 / (rank + 1);
  return () => {
    const wanted = (chance.below(1e9) / 1e9) * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? sum) <= wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
