import { Message, MessageEdit } from '@fechatter/contract';
import { eq, schema, sealedText, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { changeChat } from '../change/change-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { changedMentions } from './changed-mentions.ts';
import { messageInChat } from './message-in-chat.ts';
import { isSentBy } from './is-sent-by.ts';
import { shownMessage } from './shown-message.ts';

const { messages } = schema;

export const edit = inChat('message.edit', 'write')
  .input(MessageEdit)
  .output(Message)
  .meta({
    openapi: {
      method: 'PATCH',
      path: '/chats/{chat_id}/messages/{message_id}',
      summary: 'Edit your own message',
      description:
        'Only the sender can edit a message, and only while in the chat and, in a Single chat, not blocked. `version` becomes the seq of the edit. The ' +
        'same content changes nothing. A deleted message cannot be edited. Mentions are read from the new content; ' +
        '`data` stays as it was.',
      tags: ['message'],
      refusals: ['chat_not_found', 'message_not_found', 'not_a_member', 'chat_archived', 'not_the_sender', 'blocked'],
    },
  })
  .mutation(({ ctx, input: { chatId, messageId, content } }) =>
    changeChat(ctx, chatId, 'message.edit', async (tx, chat) => {
      if (!chat.isMember) throw refuse('not_a_member');
      const row = await messageInChat(tx, ctx.principal.userId, chatId, messageId);
      if (row === undefined || row.deleted_at !== null) throw refuse('message_not_found');
      if (!isSentBy(row, ctx.principal.userId)) throw refuse('not_the_sender');
      const message = shownMessage(ctx.deps, row);
      if (message.content === content) return message;
      if (await isBlocked(tx, ctx.principal.userId, chatId)) throw refuse('blocked');
      const version = chat.announce('message.updated', { subjectId: messageId });
      const body = ctx.deps.cipher.seal(chatId, messageId, sealedText({ content, data: message.data ?? null }));
      const [edited] = await tx
        .update(messages)
        .set({ body, version, editedAt: sql`clock_timestamp()` })
        .where(eq(messages.id, messageId))
        .returning({ editedAt: messages.editedAt });
      const { mentions: _, ...others } = message;
      const mentions = await changedMentions(tx, row, content);
      const editedAt = edited?.editedAt ?? null;
      return { ...others, content, version, editedAt, ...(mentions !== null && { mentions }) };
    }),
  );

/** In a Single chat: as for sends. */
async function isBlocked(tx: Tx, userId: string, chatId: string): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    select from chat_heads h
    join live_chat_members o on o.chat_id = h.chat_id and o.user_id <> ${userId}
    join blocks b on b.user_id = o.user_id and b.blocked_id = ${userId}
    where h.chat_id = ${chatId} and h.chat_type = 'Single' limit 1`);
  return rows.length > 0;
}
