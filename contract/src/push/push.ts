import { z } from 'zod';
import { Id, OutputId } from '../ids.ts';
import { limits } from '../limits.ts';
import { parseUrl } from '../text/parse-url.ts';

const isHttps = (given: string): boolean => {
  const url = parseUrl(given);
  return url !== undefined && url.protocol === 'https:' && url.username + url.password === '';
};

/** A point of P-256, uncompressed: 65 bytes. */
const Point = z.string().regex(/^B[A-Za-z0-9_-]{86}=?$/, 'must be 65 bytes in base64url');
/** 16 bytes. */
const Secret = z.string().regex(/^[A-Za-z0-9_-]{22}(==)?$/, 'must be 16 bytes in base64url');

/** A Web Push subscription, as `toJSON()` of a browser’s `PushSubscription` has it; UnifiedPush gives the same parts. */
export const WebPushAddress = z.object({
  kind: z.literal('WebPush'),
  endpoint: z.string().max(limits.urlMaxChars).refine(isHttps, 'must be an https URL without credentials'),
  keys: z.object({ p256dh: Point, auth: Secret }),
});

/** A device of Firebase Cloud Messaging, by the registration token that its SDK gives to your app. */
export const FcmAddress = z.object({
  kind: z.literal('Fcm'),
  token: z.string().regex(/^[\w:.-]{16,4096}$/, 'must be a registration token'),
});

/**
 * A device of Apple’s push service: the device token in hexadecimal, the topic (the bundle id of your app), and the value of its
 * entitlement `aps-environment`.
 */
export const ApnsAddress = z.object({
  kind: z.literal('Apns'),
  token: z.string().regex(/^([0-9a-fA-F]{2}){8,100}$/, 'must be a device token in hexadecimal'),
  topic: z.string().regex(/^[A-Za-z0-9.-]{1,155}$/, 'must be the bundle id of an app'),
  environment: z.enum(['production', 'development']),
});

/** Where a device receives pushes. */
export const PushAddress = z.discriminatedUnion('kind', [WebPushAddress, FcmAddress, ApnsAddress]);
export type PushAddress = z.infer<typeof PushAddress>;
/** Of a device: how it is reached. */
export const PushKind = z.enum(['WebPush', 'Fcm', 'Apns']);
export type PushKind = z.infer<typeof PushKind>;

/** The key with which this deployment signs its pushes (VAPID), in base64url: `applicationServerKey` in browsers. */
export const PushKey = z.object({ publicKey: z.string() });

export const PushSubscribed = z.object({ id: OutputId });
export const PushSubscriptionRef = z.object({ subscriptionId: Id });

/**
 * Where one of your sessions receives pushes. `current`: the session that reads this. `failure`: why its last push was not
 * delivered, null if it was.
 */
export const PushSubscriptionRow = z.object({
  id: OutputId,
  kind: PushKind,
  sessionId: OutputId,
  current: z.boolean(),
  createdAt: z.date(),
  failure: z.string().nullable(),
});
export type PushSubscriptionRow = z.infer<typeof PushSubscriptionRow>;
/** All of them: at most 50. */
export const PushSubscriptionList = z.object({ subscriptions: z.array(PushSubscriptionRow) });

/**
 * What a push carries. `badge`: how many of your chats that are not muted have something unread. `title` and `body` only if your
 * preferences have `push_previews`. A test push has `test` and no chat. `read`: remove the notification of this message, it was
 * read elsewhere (on FCM and APNs only). On FCM all values are texts: `"true"`, `"3"`.
 */
export interface PushContent {
  readonly chat_id?: string;
  readonly message_id?: string;
  readonly thread_id?: string;
  readonly mentioned?: boolean;
  readonly test?: true;
  readonly read?: true;
  readonly badge: number;
  readonly title?: string;
  readonly body?: string;
}
