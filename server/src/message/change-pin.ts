import { limits, type WireMessage } from '@fechatter/contract';
import { eq, schema, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { changeChat } from '../change/change-chat.ts';
import type { AuthedContext } from '../context.ts';
import { messageInChat } from './message-in-chat.ts';
import { shownMessage } from './shown-message.ts';

const { messages, pins } = schema;

interface Ref {
  readonly chatId: string;
  readonly messageId: string;
}

/** Pins or unpins a message; repeating it changes nothing. Returns the message as it is then. */
export function changePin(ctx: AuthedContext, { chatId, messageId }: Ref, isPinned: boolean): Promise<WireMessage> {
  const { userId } = ctx.principal;
  return changeChat(ctx, chatId, 'message.pin', async (tx, chat) => {
    const row = await messageInChat(tx, userId, chatId, messageId);
    if (row === undefined || row.deleted_at !== null) throw refuse('message_not_found');
    const { pinnedAt: before, ...message } = shownMessage(ctx.deps, row);
    if ((before != null) === isPinned) return before == null ? message : { ...message, pinnedAt: before };
    if (isPinned) await checkPins(tx, chatId);
    const facts = { userId };
    const version = chat.announce(isPinned ? 'message.pinned' : 'message.unpinned', { subjectId: messageId, facts });
    if (!isPinned) {
      await tx.delete(pins).where(eq(pins.messageId, messageId));
      await setParts(tx, messageId, version, sql`nullif(${messages.parts} - 'pinnedAt', '{}')`);
      return { ...message, version };
    }
    await tx.insert(pins).values({ messageId, chatId, seq: version, userId });
    const pinned = sql`coalesce(${messages.parts}, '{}') || jsonb_build_object('pinnedAt', clock_timestamp())`;
    const parts = await setParts(tx, messageId, version, pinned);
    return { ...message, version, pinnedAt: new Date(parts?.pinnedAt ?? 0) };
  });
}

/** The chat's head is locked: the count is exact. */
async function checkPins(tx: Tx, chatId: string): Promise<void> {
  if ((await tx.$count(pins, eq(pins.chatId, chatId))) >= limits.pinsMax) throw refuse('too_many_pins');
}

async function setParts(tx: Tx, messageId: string, version: number, parts: ReturnType<typeof sql>) {
  const [changed] = await tx
    .update(messages)
    .set({ version, parts })
    .where(eq(messages.id, messageId))
    .returning({ parts: messages.parts });
  return changed?.parts;
}
