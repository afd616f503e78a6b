import { sql, type Tx } from '@fechatter/drizzle';

/** Copies who may post from the chat to its head, which every send reads. */
export async function tellPosting(tx: Tx, chatId: string): Promise<void> {
  await tx.execute(sql`
    update chat_heads h set posting = case when c.archived_at is null then c.who_posts::text::posting else 'Nobody' end
    from chats c where c.id = h.chat_id and h.chat_id = ${chatId}`);
}
