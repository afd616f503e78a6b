import { ChatRef } from '@fechatter/contract';
import { z } from 'zod';
import { changeChat } from '../change/change-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { endMembershipOf, keepAnOwner, membershipOf } from '../membership/chat-memberships.ts';

export const leave = inChat('chat.leave', 'write')
  .input(ChatRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats/{chat_id}/leave',
      successStatus: 204,
      summary: 'Leave a chat',
      description:
        'Leaving again changes nothing. The last Owner cannot leave: make someone else Owner, or delete the chat.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'single_chat_fixed', 'last_owner'],
    },
  })
  .mutation(({ ctx, input: { chatId } }) =>
    changeChat(ctx, chatId, 'chat.leave', async (tx, chat) => {
      if (!chat.isMember) return;
      const userId = ctx.principal.userId;
      const { role } = await membershipOf(tx, chat, userId);
      if (role === 'Owner') await keepAnOwner(tx, chatId, userId);
      await endMembershipOf(chat, userId);
      chat.change.note('chat.memberLeft', { workspaceId: chat.workspaceId, userId, details: { chatId, role } });
    }),
  );
