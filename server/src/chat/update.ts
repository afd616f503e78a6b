import { Chat, ChatRename } from '@fechatter/contract';
import { eq, schema, sql } from '@fechatter/drizzle';
import { changeChat } from '../change/change-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { readChat } from './chat-row.ts';

export const update = inChat('chat.rename', 'write')
  .input(ChatRename)
  .output(Chat)
  .meta({
    openapi: {
      method: 'PUT',
      path: '/chats/{chat_id}',
      summary: 'Rename a chat',
      description: 'For Admins and Owners. If the name stays the same, no event is sent.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'not_a_member', 'role_too_low', 'single_chat_fixed'],
    },
  })
  .mutation(async ({ ctx, input: { chatId, name } }) => {
    await changeChat(ctx, chatId, { permission: 'chat.rename', tellsWorkspace: true }, async (tx, chat) => {
      const { chats } = schema;
      const [before] = await tx.select({ name: chats.name }).from(chats).where(eq(chats.id, chatId));
      if (before?.name === name) return;
      const version = chat.announce('chat.updated');
      await tx.update(chats).set({ name, version, updatedAt: sql`clock_timestamp()` }).where(eq(chats.id, chatId));
      chat.change.note('chat.renamed', { workspaceId: chat.workspaceId, details: { chatId } });
    });
    return readChat(ctx.deps, ctx.principal.userId, chatId);
  });
