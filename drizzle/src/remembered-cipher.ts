import type { MessageCipher } from './message-cipher.ts';

export interface RememberedCipher extends MessageCipher {
  /** How often a text was still there, how often not, and how many are. */
  readonly counts: () => { readonly hits: number; readonly misses: number; readonly entries: number };
}

interface Opened {
  readonly chatId: string;
  readonly seal: string;
  readonly content: string;
}

const HEADER_BYTES = 14;
const TAG_BYTES = 16;
/** Keys, seal and the map's own share. */
const ENTRY_BYTES = 300;

/**
 * A cipher that remembers the texts that it opened, up to `maxBytes`, those longest unused go first. What a body says
 * never changes: the text is used only for the very body that it came from (message, key, nonce and tag), so nothing
 * needs to be dropped when a message is edited, deleted or encrypted anew. 0 remembers nothing.
 */
export function rememberOpened(cipher: MessageCipher, maxBytes: number): RememberedCipher {
  const opened = new Map<string, Opened>();
  let usedBytes = 0;
  let hits = 0;
  let misses = 0;

  const forget = (messageId: string, { content }: Opened) => {
    opened.delete(messageId);
    usedBytes -= bytesOf(content);
  };
  const remember = (messageId: string, entry: Opened) => {
    opened.set(messageId, entry);
    usedBytes += bytesOf(entry.content);
    for (const [oldest, found] of opened) {
      if (usedBytes <= maxBytes) return;
      forget(oldest, found);
    }
  };

  return {
    seal: (chatId, messageId, content) => cipher.seal(chatId, messageId, content),
    open(chatId, messageId, body) {
      const seal = sealOf(body);
      const known = opened.get(messageId);
      if (known !== undefined) forget(messageId, known);
      const isSame = known !== undefined && known.seal === seal && known.chatId === chatId;
      if (isSame) hits += 1;
      else misses += 1;
      const entry = isSame ? known : { chatId, seal, content: cipher.open(chatId, messageId, body) };
      remember(messageId, entry);
      return entry.content;
    },
    counts: () => ({ hits, misses, entries: opened.size }),
  };
}

const bytesOf = (content: string) => content.length * 2 + ENTRY_BYTES;

/** What no two bodies share: key, nonce and tag. */
function sealOf(body: Buffer): string {
  return (
    body.toString('latin1', 0, HEADER_BYTES) + body.toString('latin1', Math.max(HEADER_BYTES, body.length - TAG_BYTES))
  );
}
