import type { PushContent } from '@fechatter/contract';
import type { OutgoingPush } from './push-sender.ts';
import { TTL_SECONDS } from './push-sender.ts';

/** In the language of the deployment, for pushes without text. */
export interface AlertWords {
  readonly message: string;
  readonly mention: string;
  readonly test: string;
}

export const alertWords = {
  en: { message: 'New messages', mention: 'You were mentioned.', test: 'Notifications work' },
  de: { message: 'Neue Nachrichten', mention: 'Du wurdest erwähnt.', test: 'Benachrichtigungen funktionieren' },
} as const satisfies Record<string, AlertWords>;

/**
 * What Apple's push service shows, and below it what the app gets. An app can change what is shown (`mutable-content`). One that
 * only removes a notification is a background push, which shows nothing.
 */
export function apnsPayload(content: PushContent, words: AlertWords): object {
  const { title, body, ...rest } = content;
  if (content.read === true) return { aps: { 'content-available': 1 }, ...rest };
  const { mentioned, test, badge, chat_id: chatId } = content;
  const without = test === true ? words.test : mentioned === true ? words.mention : words.message;
  return {
    aps: {
      alert: { ...(title !== undefined && { title }), body: body ?? without },
      badge,
      sound: 'default',
      'mutable-content': 1,
      ...(chatId !== undefined && { 'thread-id': chatId }),
    },
    ...rest,
  };
}

/**
 * How Apple's push service is to deliver it. A background push has no id of its own to collapse with: it would replace the
 * notification that is shown.
 */
export function apnsHeaders({
  content,
  topic,
  urgency,
}: Pick<OutgoingPush, 'content' | 'topic' | 'urgency'>): Record<string, string> {
  const isBackground = content.read === true;
  return {
    'apns-push-type': isBackground ? 'background' : 'alert',
    'apns-priority': urgency === 'high' && !isBackground ? '10' : '5',
    'apns-expiration': String(Math.floor(Date.now() / 1_000) + TTL_SECONDS),
    ...(!isBackground && { 'apns-collapse-id': topic }),
  };
}
