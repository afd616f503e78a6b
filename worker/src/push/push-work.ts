import { createMessageCipher, createPushCipher } from '@fechatter/drizzle';
import { type Config, createGuardedRequest, type GuardedRequestOptions } from '@fechatter/service-kit';
import { alertWords } from './apns-payload.ts';
import { apnsSender } from './apns.ts';
import { fcmSender } from './fcm.ts';
import { createHttp2Post } from './http2-post.ts';
import type { SentPushKind } from './publish-kinds.ts';
import type { PushSenders } from './push-sender.ts';
import type { PushDeps } from './send-push.ts';
import { webPushSender } from './web-push.ts';

/** What sending pushes needs, beside the database. */
export interface PushWork extends PushDeps {
  /** Those of which the settings have the key. */
  readonly kinds: readonly SentPushKind[];
  /** Ends the connections to push services. */
  close(): void;
}

/** Undefined: pushes are off. */
export function pushWork(
  config: Pick<Config<'worker'>, 'push' | 'mail' | 'encryption' | 'outbound'>,
  options: GuardedRequestOptions = {},
): PushWork | undefined {
  const { vapidKey, contact, fcm, apns } = config.push;
  const words = alertWords[config.mail.language];
  // These go to addresses of the settings; only those of browsers are what people give.
  const post = createHttp2Post(options);
  const senders: PushSenders = {
    ...(vapidKey && {
      WebPush: webPushSender({
        request: createGuardedRequest(config, options),
        vapid: { subject: contact, ...vapidKey },
      }),
    }),
    ...(fcm.serviceAccount && { Fcm: fcmSender({ account: fcm.serviceAccount, url: fcm.url, words, post }) }),
    ...(apns.key !== undefined && {
      Apns: apnsSender({
        key: { privateKey: apns.key, keyId: apns.keyId ?? '', teamId: apns.teamId ?? '' },
        urls: { production: apns.url, development: apns.developmentUrl },
        words,
        post,
      }),
    }),
  };
  const kinds: readonly SentPushKind[] = [
    ...(vapidKey ? [{ kind: 'WebPush', publicKey: vapidKey.publicKey } as const] : []),
    ...(['Fcm', 'Apns'] as const).filter((kind) => kind in senders).map((kind) => ({ kind, publicKey: null })),
  ];
  if (kinds.length === 0) return undefined;
  const ring = config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }));
  return {
    senders,
    kinds,
    pushCipher: createPushCipher(ring),
    messageCipher: createMessageCipher(ring),
    close: () => post.close(),
  };
}
