import { ExternalSend, Message } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { withServiceKey } from '../access/service-procedures.ts';
import { sendAs } from '../message/send-as.ts';
import { adminMeta } from './admin-meta.ts';
import { activePerson, findChat } from './external.ts';

export const sendMessage = withServiceKey('messages')
  .meta(
    adminMeta(
      'send-message',
      'Send a message as a person',
      'As one of the app’s people, who must be a member of the chat; for what the app itself says, make a person of its ' +
        'own. Everything else is as in `message.send`, repeats by `client_id` and the limit of the sender too. The ' +
        'workspace’s audit log says once a day that the key sends as this person in this chat.',
      [
        'chat_not_found',
        'user_not_found',
        'account_suspended',
        'not_a_member',
        'member_gone',
        'chat_archived',
        'role_too_low',
        'blocked',
        'client_id_reused',
        'busy',
      ],
    ),
  )
  .input(ExternalSend)
  .output(Message)
  .mutation(async ({ ctx, input: { as, chat, ...message } }) => {
    const { deps, serviceKey, address, requestId } = ctx;
    const { tables } = deps.db;
    const userId = await activePerson(tables, serviceKey, as);
    const place = await findChat(tables, serviceKey, chat);
    if (place === undefined) throw refuse('chat_not_found');
    const { id: chatId, workspaceId } = place;
    const sent = await sendAs(ctx, userId, { chatId, ...message });
    await deps.keySends.note({ serviceKeyId: serviceKey.id, userId, workspaceId, chatId }, { address, requestId });
    return sent;
  });
