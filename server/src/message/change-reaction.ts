import type { WireMessage } from '@fechatter/contract';
import { refuse, setCurrentSpanAttributes } from '@fechatter/service-kit';
import type { AuthedContext } from '../context.ts';
import { reactionOf } from '../reaction/emoji.ts';
import { messageInChat } from './message-in-chat.ts';
import { minuteEndsInMs, setSendLimitHeaders } from './send-limit.ts';
import { shownMessage } from './shown-message.ts';

interface Reaction {
  readonly chatId: string;
  readonly messageId: string;
  /** The emoji as the caller wrote it. */
  readonly emoji: string;
}

/** Adds or removes the caller's reaction to a message; returns the message as it is then. */
export async function changeReaction(
  { deps, principal: { userId }, signal, responseHeaders }: AuthedContext,
  { chatId, messageId, emoji: given }: Reaction,
  isAdded: boolean,
): Promise<WireMessage> {
  const emoji = reactionOf(given);
  if (emoji === undefined) {
    // A missing message is reported before an invalid emoji.
    const row = await messageInChat(deps.db.tables, userId, chatId, messageId);
    throw refuse(row === undefined || row.deleted_at !== null ? 'message_not_found' : 'not_an_emoji');
  }
  const result = await deps.sends.react({ chatId, userId, messageId, emoji, isAdded }, signal);
  setSendLimitHeaders(responseHeaders, deps.config.limits.reactionsPerMinute, result.used);
  if (result.outcome === 'rate_limited') throw refuse('rate_limited', { retryAfterMs: minuteEndsInMs() });
  if (result.outcome !== 'changed' && result.outcome !== 'unchanged') throw refuse(result.outcome);
  const row = await result.row();
  if (row === undefined) throw refuse('chat_not_found');
  setCurrentSpanAttributes({ 'fechatter.chat_id': chatId, 'fechatter.seq': row.version });
  return shownMessage(deps, row);
}
