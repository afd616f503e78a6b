import type { WireMessage } from '@fechatter/contract';
import { type MessageCipher, type MessageRow, messageOf, type ReadMessageRow } from '@fechatter/drizzle';
import type { Deps } from '../deps.ts';

/** A message as its readers see it; one that cannot be decrypted is shown as U+FFFD and logged. */
export function shownMessage(
  { cipher, log }: Pick<Deps, 'log'> & { readonly cipher: MessageCipher },
  row: MessageRow | ReadMessageRow,
): WireMessage {
  return messageOf(row, cipher, (err) =>
    log.error({ err, chatId: row.chat_id, messageId: row.id }, 'a message cannot be decrypted'),
  );
}
