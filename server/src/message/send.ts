import { Message, MessageSend } from '@fechatter/contract';
import { drawRandom, sealedText } from '@fechatter/drizzle';
import { refuse, tellCurrentSpan } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { inChat } from '../access/scoped-procedures.ts';
import type { MessageExtras, Named } from './batching/outgoing.ts';
import { contentMac } from './content-mac.ts';
import { namedIn } from './named-in.ts';
import { repeatedMessage } from './repeated-message.ts';
import { minuteEndsInMs, tellSendLimit } from './send-limit.ts';
import { shownMessage } from './shown-message.ts';

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
  .mutation(async ({ ctx: { deps, principal, signal, answerHeaders }, input }) => {
    const { chatId, content, clientId = newId(), threadId, quotedId, fileIds, data } = input;
    const mentions = namedIn(content);
    const extras = extrasOf({ threadId, quotedId, fileIds, mentions });
    const id = newId();
    const { userId } = principal;
    const body = deps.cipher.seal(chatId, id, sealedText({ content, data: data ?? null }));
    const covered = { chatId, senderId: userId, clientId, content, threadId, quotedId, fileIds, data };
    const mac = contentMac(deps.config.auth, covered);
    const result = await deps.sends.send({ chatId, userId, clientId, id, body, mac, extras }, signal);
    tellSendLimit(answerHeaders, deps.config.limits.sendsPerMinute, result.used);
    if (result.outcome === 'rate_limited') throw refuse('rate_limited', { retryAfterMs: minuteEndsInMs() });
    if (result.outcome === 'repeat') return repeatedMessage(deps, principal.userId, chatId, result.id);
    if (result.outcome !== 'sent') throw refuse(result.outcome);
    tellCurrentSpan({ 'fechatter.chat_id': chatId, 'fechatter.seq': result.row.seq });
    // The database has decided which of the named people are mentioned, and which files it has.
    if (mentions !== undefined || fileIds?.length)
      return repeatedMessage(deps, principal.userId, chatId, result.row.id);
    // The content was just encrypted here, so it need not be decrypted.
    return { ...shownMessage(deps, result.row), content, ...(data !== undefined && { data }) };
  });

interface Brought {
  readonly threadId: string | undefined;
  readonly quotedId: string | undefined;
  readonly fileIds: readonly string[] | undefined;
  readonly mentions: Named | undefined;
}

/** Undefined for a plain message. */
function extrasOf({ threadId, quotedId, fileIds = [], mentions }: Brought): MessageExtras | undefined {
  const hasFiles = fileIds.length > 0;
  if (threadId === undefined && quotedId === undefined && !hasFiles && mentions === undefined) return undefined;
  return {
    ...(threadId !== undefined && { thread_id: threadId }),
    ...(quotedId !== undefined && { quoted_id: quotedId }),
    ...(hasFiles && { file_ids: fileIds }),
    ...(mentions !== undefined && { mentions }),
  };
}

const newId = () => uuidv7({ random: drawRandom(16) });
