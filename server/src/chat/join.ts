import { ChatRef, ChatRow } from '@fechatter/contract';
import { changeChat } from '../change/change-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { readChat } from './chat-row.ts';
import { openMemberships } from '../membership/chat-memberships.ts';

export const join = inChat('chat.join', 'write')
  .input(ChatRef)
  .output(ChatRow)
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats/{chat_id}/join',
      summary: 'Join a public channel',
      description:
        'For everyone in the workspace. You become a Member, and everything so far counts as read. Joining again ' +
        'changes nothing.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'chat_archived'],
    },
  })
  .mutation(async ({ ctx, input: { chatId } }) => {
    const userId = ctx.principal.userId;
    // Callers who are not members of a private chat got chat_not_found before, so they do not get here.
    await changeChat(
      ctx,
      chatId,
      { permission: 'chat.join', holding: [userId] },
      async (_, { change, workspaceId }) => {
        for (const joined of await openMemberships(change, chatId, [userId]))
          change.note('chat.memberJoined', { workspaceId, userId: joined, details: { chatId } });
      },
    );
    return readChat(ctx.deps, userId, chatId);
  });
