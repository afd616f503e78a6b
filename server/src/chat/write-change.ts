import type { AuditAction, ChatChanged } from '@fechatter/contract';
import { eq, schema, type SQL, sql, type Tx } from '@fechatter/drizzle';
import type { LockedChat } from '../change/change-chat.ts';

const { chats } = schema;

/** The new values; what is left out stays. */
interface ChatValues extends Partial<Pick<typeof chats.$inferInsert, 'name' | 'topic' | 'whoPosts'>> {
  readonly archivedAt?: SQL | null;
}

const noted: Readonly<Partial<Record<ChatChanged, AuditAction>>> = {
  name: 'chat.renamed',
  posting: 'chat.postingChanged',
  archived: 'chat.archived',
  unarchived: 'chat.unarchived',
};

/** Writes a change of a chat whose head is locked, and announces it. The caller has checked that something differs. */
export async function writeChange(tx: Tx, chat: LockedChat, changed: ChatChanged, values: ChatValues): Promise<void> {
  const version = chat.announce('chat.updated', { facts: { changed } });
  await tx
    .update(chats)
    .set({ ...values, version, updatedAt: sql`clock_timestamp()` })
    .where(eq(chats.id, chat.id));
  if (values.whoPosts !== undefined || values.archivedAt !== undefined) await copyPosting(tx, chat.id);
  const action = noted[changed];
  if (action !== undefined) chat.change.note(action, { workspaceId: chat.workspaceId, details: { chatId: chat.id } });
}

/** Copies who may post from the chat to its head, which every send reads. */
async function copyPosting(tx: Tx, chatId: string): Promise<void> {
  await tx.execute(sql`
    update chat_heads h set posting = case when c.archived_at is null then c.who_posts::text::posting else 'Nobody' end
    from chats c where c.id = h.chat_id and h.chat_id = ${chatId}`);
}
