import type { Message, MessageSend } from '@fechatter/contract';
import { drawRandom, sealedText } from '@fechatter/drizzle';
import { refuse, setCurrentSpanAttributes } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { MessageExtras, Named } from './batching/outgoing.ts';
import { contentMac } from './content-mac.ts';
import { namedIn } from './named-in.ts';
import { repeatedMessage, sentMessage } from './repeated-message.ts';
import { minuteEndsInMs, setSendLimitHeaders } from './send-limit.ts';
import { shownMessage } from './shown-message.ts';

type Sending = Pick<Context, 'deps' | 'signal' | 'responseHeaders'>;

/** Sends a message as this person, whose access is checked in the transaction that writes it. */
export async function sendAs(
  { deps, signal, responseHeaders }: Sending,
  userId: string,
  { chatId, content, clientId = newId(), threadId, quotedId, fileIds, data }: z.infer<typeof MessageSend>,
): Promise<z.input<typeof Message>> {
  const mentions = namedIn(content);
  const extras = extrasOf({ threadId, quotedId, fileIds, mentions });
  const id = newId();
  const body = deps.cipher.seal(chatId, id, sealedText({ content, data: data ?? null }));
  const covered = { chatId, senderId: userId, clientId, content, threadId, quotedId, fileIds, data };
  const mac = contentMac(deps.config.auth, covered);
  const result = await deps.sends.send({ chatId, userId, clientId, id, body, mac, extras }, signal);
  setSendLimitHeaders(responseHeaders, deps.config.limits.sendsPerMinute, result.used);
  if (result.outcome === 'rate_limited') throw refuse('rate_limited', { retryAfterMs: minuteEndsInMs() });
  if (result.outcome === 'repeat') return repeatedMessage(deps, userId, chatId, result.id);
  if (result.outcome !== 'sent') throw refuse(result.outcome);
  setCurrentSpanAttributes({ 'fechatter.chat_id': chatId, 'fechatter.seq': result.row.seq });
  // The database has decided which of the named people are mentioned, and which files it has.
  const isReadBack = mentions !== undefined || (fileIds?.length ?? 0) > 0;
  const readBack = isReadBack ? await sentMessage(deps, userId, result.row.id) : undefined;
  if (readBack !== undefined) return readBack;
  // The content was just encrypted here, so it need not be decrypted.
  return { ...shownMessage(deps, result.row), content, ...(data !== undefined && { data }) };
}

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
