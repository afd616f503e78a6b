import { ChatRef, ChatRow } from '@fechatter/contract';
import { authed } from '../procedures.ts';
import { readChat } from './chat-row.ts';

export const get = authed('read')
  .input(ChatRef)
  .output(ChatRow)
  .meta({
    keyPermission: 'chat.read',
    openapi: {
      method: 'GET',
      path: '/chats/{chat_id}',
      summary: 'Read a chat',
      description:
        'For members, and in a public channel for everyone in the workspace; `role` is null if you are not a member.',
      tags: ['chat'],
      refusals: ['chat_not_found'],
    },
  })
  .query(({ ctx, input }) => readChat(ctx.deps, ctx.principal.userId, input.chatId));
