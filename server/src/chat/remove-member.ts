import { ChatMemberRef } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { changeChat } from '../change/change-chat.ts';
import { isAbove } from '../access/role.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { endMembershipOf, membershipOf } from '../membership/chat-memberships.ts';

export const removeMember = inChat('chat.removeMember', 'write')
  .input(ChatMemberRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/chats/{chat_id}/members/{user_id}',
      successStatus: 204,
      summary: 'Remove someone from a chat',
      description:
        'For Admins and Owners. You can remove members whose role is below yours. In public channels, Admins and ' +
        'Owners of the workspace have the same rights as those of the channel.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'not_a_member', 'role_too_low', 'single_chat_fixed', 'member_not_found'],
    },
  })
  .mutation(({ ctx, input: { chatId, userId } }) =>
    changeChat(ctx, chatId, 'chat.removeMember', async (tx, chat) => {
      const { role, countsAs } = await membershipOf(tx, chat, userId);
      if (!isAbove(chat.role, countsAs)) throw refuse('role_too_low');
      await endMembershipOf(chat, userId);
      chat.change.note('chat.memberRemoved', { workspaceId: chat.workspaceId, userId, details: { chatId, role } });
    }),
  );
