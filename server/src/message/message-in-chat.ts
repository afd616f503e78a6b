import { and, eq, type MessageRow, schema, type Tx } from '@fechatter/drizzle';

const { messages, users } = schema;

/** A message of a chat whose head is locked: nobody else changes it before the end of the transaction. */
export async function messageInChat(tx: Tx, chatId: string, messageId: string): Promise<MessageRow | undefined> {
  const [row] = await tx
    .select({
      id: messages.id,
      chat_id: messages.chatId,
      seq: messages.seq,
      number: messages.number,
      version: messages.version,
      body: messages.body,
      created_at: messages.createdAt,
      edited_at: messages.editedAt,
      deleted_at: messages.deletedAt,
      sender_id: messages.senderId,
      sender_name: users.fullName,
      sender_avatar_url: users.avatarUrl,
    })
    .from(messages)
    .innerJoin(users, eq(users.id, messages.senderId))
    .where(and(eq(messages.id, messageId), eq(messages.chatId, chatId)));
  return row;
}
