import { z } from 'zod';
import { ChatRef } from '../chat/chat.ts';
import { Id, OutputId } from '../ids.ts';
import { AvatarUrl, Name } from '../text.ts';

/** An address at which other programs post messages into one chat, as a bot of its own. */
export const IncomingWebhook = z.object({
  id: OutputId,
  chatId: OutputId,
  /** The bot that sends the messages. */
  userId: OutputId,
  name: z.string(),
  avatarUrl: z.string().nullable(),
  createdBy: OutputId,
  createdAt: z.date(),
});
export type IncomingWebhook = z.infer<typeof IncomingWebhook>;

export const IncomingWebhookCreate = ChatRef.extend({ name: Name, avatarUrl: AvatarUrl.nullable().optional() });
/** The address has a secret: it is shown only here, once. */
export const NewIncomingWebhook = z.object({ incomingWebhook: IncomingWebhook, url: z.string() });
/** All of the chat, oldest first: there are at most 10. */
export const IncomingWebhookList = z.object({ incomingWebhooks: z.array(IncomingWebhook) });
export const IncomingWebhookRef = z.object({ webhookId: Id });
