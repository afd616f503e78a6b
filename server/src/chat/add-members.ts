import { MemberList, MembersAdd } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { changeChat } from '../change/change-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { namedMembers } from './named-members.ts';
import { openMemberships } from '../membership/chat-memberships.ts';

export const addMembers = inChat('chat.addMembers', 'write')
  .input(MembersAdd)
  .output(MemberList)
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats/{chat_id}/members',
      summary: 'Add people to a chat',
      description:
        'For Admins and Owners. Everyone you name must be in the workspace, or no member is added. Returns the ' +
        'memberships of the people you named; people who were already members keep their role.',
      tags: ['chat'],
      refusals: [
        'chat_not_found',
        'not_a_member',
        'role_too_low',
        'single_chat_fixed',
        'chat_archived',
        'user_not_found',
      ],
    },
  })
  .mutation(async ({ ctx, input: { chatId, userIds } }) => {
    const joining = [...new Set(userIds)];
    await changeChat(
      ctx,
      chatId,
      { permission: 'chat.addMembers', holding: joining },
      async (_, { workspaceId, change, held }) => {
        if (joining.some((id) => !held.has(id))) throw refuse('user_not_found');
        for (const userId of await openMemberships(change, chatId, joining))
          change.note('chat.memberAdded', { workspaceId, userId, details: { chatId } });
      },
    );
    return { members: await namedMembers(ctx.deps.db, chatId, joining), nextCursor: null };
  });
