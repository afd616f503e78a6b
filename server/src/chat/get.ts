import { ChatRef, ChatRow } from '@fechatter/contract';
import { authed } from '../procedures.ts';
import { readChat } from './chat-row.ts';

export const get = authed('read')
  .input(ChatRef)
  .output(ChatRow)
  .meta({
    openapi: {
      method: 'GET',
      path: '/chats/{chat_id}',
      summary: 'Read a chat',
      description:
        'For its members, and for everyone in the workspace where it is a public channel: `role` is then null.',
      tags: ['chat'],
      refusals: ['chat_not_found'],
    },
  })
  .query(({ ctx, input }) => readChat(ctx.deps, ctx.principal.userId, input.chatId));
