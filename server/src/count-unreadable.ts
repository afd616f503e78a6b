import type { MessageCipher } from '@fechatter/drizzle';

/** A cipher that counts the bodies that it could not decrypt. They are shown as U+FFFD, and operators should know. */
export interface CountingCipher extends MessageCipher {
  readonly unreadable: () => number;
}

export function countUnreadable(cipher: MessageCipher): CountingCipher {
  let count = 0;
  return {
    seal: (chatId, messageId, content) => cipher.seal(chatId, messageId, content),
    open(chatId, messageId, body) {
      try {
        return cipher.open(chatId, messageId, body);
      } catch (error) {
        count += 1;
        throw error;
      }
    },
    unreadable: () => count,
  };
}
