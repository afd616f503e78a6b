import { and, eq, type MessageRow, messageTable, selectMessages, type Tx } from '@fechatter/drizzle';

/** A message of a chat whose head is locked: nobody else changes it before the end of the transaction. */
export async function messageInChat(tx: Tx, chatId: string, messageId: string): Promise<MessageRow | undefined> {
  const { id, chatId: ofChat } = messageTable;
  const [row] = await selectMessages(tx).where(and(eq(id, messageId), eq(ofChat, chatId)));
  return row;
}
