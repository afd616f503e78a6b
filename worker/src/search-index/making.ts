import type { SearchMaking } from '@fechatter/drizzle';
import { stopWordsOf, TOKENIZER } from '@fechatter/search';
import type { Config } from '@fechatter/service-kit';

/** The parameters with which this process would build an index. */
export function makingOf({ search, encryption }: Pick<Config<'worker'>, 'search' | 'encryption'>): SearchMaking {
  return {
    tokenizer: TOKENIZER,
    keyId: encryption.keys[0]?.id ?? 0,
    stopWords: [...stopWordsOf(search.stopWords)].toSorted(),
    hasPrefixes: search.prefixes,
  };
}

/** Whether both produce the same tokens from the same text. */
export const isSameMaking = (a: SearchMaking, b: SearchMaking): boolean =>
  a.tokenizer === b.tokenizer &&
  a.keyId === b.keyId &&
  a.hasPrefixes === b.hasPrefixes &&
  a.stopWords.length === b.stopWords.length &&
  a.stopWords.every((word, at) => word === b.stopWords[at]);
