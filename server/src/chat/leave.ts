import { ChatRef } from '@fechatter/contract';
import { z } from 'zod';
import { changeChat, type ChatChange } from '../change/change-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { endMembershipOf, keepAnOwner, membershipOf } from '../membership/chat-memberships.ts';

const rule: ChatChange = { needed: 'Former', refusesSingle: true };

export const leave = inChat(rule)
  .input(ChatRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats/{chat_id}/leave',
      successStatus: 204,
      summary: 'Leave a chat',
      description: 'Leaving again changes nothing. The last Owner stays: make someone else Owner, or delete the chat.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'single_chat_fixed', 'last_owner'],
    },
  })
  .mutation(({ ctx, input: { chatId } }) =>
    changeChat(ctx, chatId, rule, async (tx, chat) => {
      if (!chat.isMember) return;
      const userId = ctx.user.id;
      const { role } = await membershipOf(tx, chat, userId);
      if (role === 'Owner') await keepAnOwner(tx, chatId, userId);
      await endMembershipOf(chat, userId);
    }),
  );
