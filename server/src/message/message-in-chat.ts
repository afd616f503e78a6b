import { and, eq, messageTable, type ReadMessageRow, selectMessages, type Tx } from '@fechatter/drizzle';

/**
 * A message of a chat whose head is locked, for one reader: no one else can change it before the end of the
 * transaction.
 */
export async function messageInChat(
  tx: Tx,
  userId: string,
  chatId: string,
  messageId: string,
): Promise<ReadMessageRow | undefined> {
  const { id, chatId: ofChat } = messageTable;
  const [row] = await selectMessages(tx, userId).where(and(eq(id, messageId), eq(ofChat, chatId)));
  return row;
}
