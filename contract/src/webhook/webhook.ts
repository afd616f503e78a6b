import { z } from 'zod';
import { BotRef } from '../bot/bot.ts';
import { type LoggedEventKind, loggedEvents } from '../event/registry.ts';
import { Id, OutputId } from '../ids.ts';
import { limits } from '../limits.ts';
import { NextCursor, pageInput } from '../page.ts';
import { WebhookUrl } from '../text.ts';

const kinds = loggedEvents.map(({ kind }) => kind) as [LoggedEventKind, ...LoggedEventKind[]];
/** A kind of event that a webhook can send. */
export const WebhookKind = z.enum(kinds);
export type WebhookKind = z.infer<typeof WebhookKind>;

/** Why the service switched a webhook off: its receiver responded 410, or no attempt succeeded for five days. */
export const WebhookOffReason = z.enum(['Gone', 'Failing']);
export type WebhookOffReason = z.infer<typeof WebhookOffReason>;

/** Sends events that a bot sees to an address, signed as Standard Webhooks describes. */
export const Webhook = z.object({
  id: OutputId,
  botId: OutputId,
  url: z.string(),
  kinds: z.array(WebhookKind),
  isEnabled: z.boolean(),
  /** Null unless the service switched it off itself. */
  offReason: WebhookOffReason.nullable(),
  /** Since when no attempt has succeeded; null if the last one did. */
  failingSince: z.date().nullable(),
  /** Events that were not kept for it because too many were waiting. */
  droppedCount: z.int(),
  droppedAt: z.date().nullable(),
  createdBy: OutputId.nullable(),
  createdAt: z.date(),
});
export type Webhook = z.infer<typeof Webhook>;

const Kinds = z
  .array(WebhookKind)
  .min(1)
  .max(limits.webhookKindsMax)
  .transform((given) => [...new Set(given)]);
export const WebhookCreate = BotRef.extend({ url: WebhookUrl, kinds: Kinds });
/** The secret that signs is shown only here, once. */
export const NewWebhook = z.object({ webhook: Webhook, secret: z.string() });
/** All webhooks of the bot, oldest first: there are at most 10. */
export const WebhookList = z.object({ webhooks: z.array(Webhook) });
export const WebhookRef = z.object({ webhookId: Id });
export const WebhookUpdate = WebhookRef.extend({
  url: WebhookUrl.optional(),
  kinds: Kinds.optional(),
  isEnabled: z.boolean().optional(),
});
/** The new secret; the one before also signs for 24 hours. */
export const NewWebhookSecret = z.object({ secret: z.string() });

/** `Skipped`: the bot could not see the event any more when it was to be sent. */
export const DeliveryState = z.enum(['Waiting', 'Delivered', 'Failed', 'Skipped']);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** An event that is to be sent, or was. */
export const Delivery = z.object({
  id: OutputId,
  /** The `webhook-id` of all its attempts. */
  messageId: z.string(),
  /** `webhook.test` for a test. */
  kind: z.union([WebhookKind, z.literal('webhook.test')]),
  state: DeliveryState,
  attempts: z.int(),
  /** The HTTP status of the last attempt; null if there was no response. */
  status: z.int().nullable(),
  /** Why the last attempt, or all of them, failed; null if it succeeded. */
  failure: z.string().nullable(),
  happenedAt: z.date(),
  attemptedAt: z.date().nullable(),
  /** When it will be tried again; null if it will not, or is waiting for its first attempt. */
  dueAt: z.date().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

export const DeliveryPage = WebhookRef.extend({ state: DeliveryState.optional(), ...pageInput });
/** The latest event first. */
export const DeliveryList = z.object({ deliveries: z.array(Delivery), nextCursor: NextCursor });
export const DeliveryRef = WebhookRef.extend({ deliveryId: Id });
