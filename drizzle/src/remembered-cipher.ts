import { LRUCache } from 'lru-cache';
import type { MessageCipher } from './message-cipher.ts';

export interface RememberedCipher extends MessageCipher {
  /** Hits, misses, and the number of texts. */
  readonly counts: () => { readonly hits: number; readonly misses: number; readonly entries: number };
}

interface Opened {
  readonly chatId: string;
  readonly seal: string;
  readonly content: string;
}

const HEADER_BYTES = 14;
const TAG_BYTES = 16;
/** The overhead per entry: keys, seal and the map. */
const ENTRY_BYTES = 300;

/**
 * A cipher with a cache of decrypted texts, up to `maxBytes`; the least recently used go first. A text is used only for
 * exactly the body that it came from (message, key, nonce and tag), so nothing needs to be dropped when a message is
 * edited, deleted or encrypted again. 0 switches the cache off.
 */
export function rememberOpened(cipher: MessageCipher, maxBytes: number): RememberedCipher {
  const opened = new LRUCache<string, Opened>({ maxSize: Math.max(1, maxBytes), sizeCalculation: bytesOf });
  let hits = 0;
  let misses = 0;
  return {
    seal: (chatId, messageId, content) => cipher.seal(chatId, messageId, content),
    open(chatId, messageId, body) {
      const seal = sealOf(body);
      const known = opened.get(messageId);
      if (known !== undefined && known.seal === seal && known.chatId === chatId) {
        hits += 1;
        return known.content;
      }
      misses += 1;
      const content = cipher.open(chatId, messageId, body);
      opened.set(messageId, { chatId, seal, content });
      return content;
    },
    counts: () => ({ hits, misses, entries: opened.size }),
  };
}

const bytesOf = ({ content }: Opened) => content.length * 2 + ENTRY_BYTES;

/** What identifies a body: key, nonce and tag. */
function sealOf(body: Buffer): string {
  return (
    body.toString('latin1', 0, HEADER_BYTES) + body.toString('latin1', Math.max(HEADER_BYTES, body.length - TAG_BYTES))
  );
}
