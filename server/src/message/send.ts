import { Message, MessageSend } from '@fechatter/contract';
import { inChat } from '../access/scoped-procedures.ts';
import { sendAs } from './send-as.ts';

export const send = inChat('message.send', 'own')
  .input(MessageSend)
  .output(Message)
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats/{chat_id}/messages',
      successStatus: 201,
      summary: 'Send a message',
      description:
        'The content has 1 to 8,000 UTF-16 code units and is stored as you sent it. With a `client_id` you can ' +
        'safely retry after a lost response: the message is sent once, and each retry returns 201 with the message ' +
        'as it is now. The same `client_id` with other content, or with anything else changed, is refused. Sending marks the chat as read for you. With ' +
        '`thread_id` it is a reply to that message of the main timeline: it is counted by its thread alone, marks ' +
        'the thread as read for you, and makes you follow it. ' +
        '`quoted_id` names a message of the chat that it quotes. `file_ids` are up to 10 files that you have uploaded into this chat and ' +
        'not sent yet; then the content can be empty. `data` is up to 4,096 code units that only apps ' +
        'understand: everyone who sees the message gets it as it was sent. ' +
        'Its `mentions` are read from the content: `<@user_id>` mentions a member of the chat, at most 50, and ' +
        '`<!everyone>` all of them; in chats with more than 100 members only if you are Admin or Owner. ' +
        '`RateLimit-Limit` says how many messages you can send in a minute.',
      tags: ['message'],
      refusals: [
        'chat_not_found',
        'message_not_found',
        'not_a_root',
        'not_a_member',
        'member_gone',
        'file_not_found',
        'file_not_ready',
        'file_infected',
        'chat_archived',
        'role_too_low',
        'blocked',
        'client_id_reused',
        'rate_limited',
        'busy',
      ],
    },
  })
  .mutation(({ ctx, input }) => sendAs(ctx, ctx.principal.userId, input));
