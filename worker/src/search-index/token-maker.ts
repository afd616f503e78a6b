import { contentOf, type MessageCipher, type SearchMaking } from '@fechatter/drizzle';
import { createTokenizer, namesOf, type Tokenizer, unitsOf } from '@fechatter/search';
import type { Config, Log } from '@fechatter/service-kit';

/** A message as it is stored. */
export interface StoredText extends Record<string, unknown> {
  readonly id: string;
  readonly chat_id: string;
  readonly sender_id: string;
  readonly version: number;
  readonly body: Buffer | null;
  readonly has_files: boolean;
}

export interface TokenMakerOptions {
  readonly ring: Config<'worker'>['encryption']['keys'];
  readonly cipher: MessageCipher;
  readonly log: Log;
}

/** Makes the tokens of messages for a generation. */
export interface TokenMaker {
  /** Undefined if the ring no longer has the generation's key. */
  tokensOf(making: SearchMaking, row: StoredText): readonly number[] | undefined;
}

export function createTokenMaker({ ring, cipher, log }: TokenMakerOptions): TokenMaker {
  const tokenizers = new Map<number, Tokenizer>();
  const stopWords = new WeakMap<SearchMaking, ReadonlySet<string>>();
  const tokenizerOf = (keyId: number): Tokenizer | undefined => {
    const key = ring.find(({ id }) => id === keyId)?.key;
    const known = tokenizers.get(keyId) ?? (key && createTokenizer(key));
    if (known !== undefined) tokenizers.set(keyId, known);
    return known;
  };
  const stopWordsOf = (making: SearchMaking): ReadonlySet<string> => {
    const known = stopWords.get(making) ?? new Set(making.stopWords);
    stopWords.set(making, known);
    return known;
  };
  return {
    tokensOf(making, row) {
      const tokenizer = tokenizerOf(making.keyId);
      if (tokenizer === undefined) return undefined;
      const content = contentOf(row, cipher, (err) =>
        log.error({ err, chatId: row.chat_id, messageId: row.id }, 'a message cannot be decrypted for the index'),
      );
      const text = { senderId: row.sender_id, content, units: unitsOf(content), hasFiles: row.has_files };
      return tokenizer.tokensOf(
        row.chat_id,
        namesOf(text, { stopWords: stopWordsOf(making), hasPrefixes: making.hasPrefixes }),
      );
    },
  };
}
