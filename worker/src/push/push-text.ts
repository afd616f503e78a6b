import type { PushContent } from '@fechatter/contract';
import { messageText, type MessageCipher } from '@fechatter/drizzle';
import type { PushedMessage, WantedPush } from './due-push.ts';

const TITLE_MAX_CHARS = 100;
const BODY_MAX_CHARS = 300;
const CODE_UNITS_MAX = 2;
const MENTION = /<@([0-9a-f-]{36})>/g;

/** What a push says; `withText` false: without title and body, for a push service that found them too large. */
export function contentOf(
  { badge, subject }: WantedPush,
  cipher: Pick<MessageCipher, 'open'>,
  { withText }: { readonly withText: boolean },
): PushContent {
  if (subject.is === 'test') return { test: true, badge };
  const { chatId, id } = subject;
  if (subject.is === 'read') return { chat_id: chatId, message_id: id, read: true, badge };
  const { threadId, isMention } = subject;
  return {
    chat_id: chatId,
    message_id: id,
    ...(threadId !== null && { thread_id: threadId }),
    mentioned: isMention,
    badge,
    ...(withText && textOf(subject, cipher)),
  };
}

function textOf(
  { chatId, chatType, chatName, id, preview }: PushedMessage,
  cipher: Pick<MessageCipher, 'open'>,
): Pick<PushContent, 'title' | 'body'> {
  if (preview === undefined) return {};
  const { senderName, names, body } = preview;
  const { content } = messageText(cipher.open(chatId, id, body));
  const text = content.replaceAll(MENTION, (written, userId: string) => {
    const name = names[userId];
    return name === undefined ? written : `@${name}`;
  });
  const isSingle = chatType === 'Single';
  return {
    title: shortened(isSingle ? senderName : chatName, TITLE_MAX_CHARS),
    body: shortened(isSingle ? text : `${senderName}: ${text}`, BODY_MAX_CHARS),
  };
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** By what people see as characters, so that none is cut in half. */
function shortened(text: string, maxChars: number): string {
  // A character may have many code units; what has more of them than any emoji is cut all the same.
  const cut = text.slice(0, CODE_UNITS_MAX * maxChars);
  const shown = Array.from(characters.segment(cut), ({ segment }) => segment);
  if (shown.length <= maxChars && cut === text) return text;
  return `${shown.slice(0, maxChars - 1).join('')}…`;
}
