import type { GoogleServiceAccount } from '@fechatter/service-kit';
import { z } from 'zod';
import { type AlertWords, apnsHeaders, apnsPayload } from './apns-payload.ts';
import { grantOf, GrantRefused } from './google-grant.ts';
import type { Http2Post } from './http2-post.ts';
import { keepToken } from './kept-token.ts';
import { type OutgoingPush, outcomeOf, type PushSender, TTL_SECONDS } from './push-sender.ts';

export interface FcmDeps {
  readonly account: GoogleServiceAccount;
  /** The origin of Firebase Cloud Messaging. */
  readonly url: string;
  readonly words: AlertWords;
  readonly post: Http2Post;
}

/** A grant that is not accepted is not asked for again at once. */
const GRANT_AGAIN_MS = 60_000;
const Address = z.object({ token: z.string() });
const Refused = z.object({
  error: z.object({
    message: z.string().optional(),
    details: z
      .array(
        z.looseObject({
          errorCode: z
            .string()
            .regex(/^\w{1,40}$/)
            .optional(),
        }),
      )
      .max(100)
      .optional(),
  }),
});

/**
 * Pushes by Firebase Cloud Messaging (HTTP v1), as data: the app shows the notification. Apps on devices of Apple get what Apple's
 * push service would get.
 */
export function fcmSender({ account, url, words, post }: FcmDeps): PushSender {
  const grants = keepToken(() => grantOf(account, post), { againMs: GRANT_AGAIN_MS });
  return async (push) => {
    const message = messageOf(push, words);
    const grant = await grants.get().catch((error: unknown) => {
      if (error instanceof GrantRefused) return error;
      throw error;
    });
    // 400: the key or the account is not what it was, as 401 says.
    if (grant instanceof GrantRefused)
      return outcomeOf(grant.response.status < 429 ? { ...grant.response, status: 401 } : grant.response);
    const { status, headers, body } = await post({
      url: `${url}/v1/projects/${encodeURIComponent(account.projectId)}/messages:send`,
      headers: { authorization: `Bearer ${grant}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message }),
      signal: push.signal,
    });
    if (status === 401) grants.reject(grant);
    const { reason, isOfToken, isTooLarge } = refusalIn(body);
    // 404 alone may also be a wrong address, or a project that does not exist.
    if (status === 404 && reason !== 'UNREGISTERED') return { did: 'put off', failure: '404', afterSeconds: undefined };
    if (status === 400 && isTooLarge) return { did: 'too large' };
    if (status === 400 && isOfToken) return { did: 'gone', failure: 'invalid token' };
    return outcomeOf({ status, headers, reason });
  };
}

/** Without a `collapse_key`: of messages that have one, FCM keeps four for a device that is away, and there are more chats. */
function messageOf(push: OutgoingPush, words: AlertWords) {
  const { address, content, urgency } = push;
  const { token } = Address.parse(JSON.parse(address));
  return {
    token,
    data: Object.fromEntries(Object.entries(content).map(([name, value]) => [name, String(value)])),
    android: {
      priority: urgency === 'high' ? 'HIGH' : 'NORMAL',
      ttl: `${TTL_SECONDS}s`,
    },
    apns: { headers: apnsHeaders(push), payload: apnsPayload(content, words) },
  };
}

interface Refusal {
  readonly reason: string | undefined;
  readonly isOfToken: boolean;
  readonly isTooLarge: boolean;
}

/** What is wrong with an argument is only in the message. */
function refusalIn(body: string): Refusal {
  try {
    const { error } = Refused.parse(JSON.parse(body));
    const reason = error.details?.find(({ errorCode }) => errorCode !== undefined)?.errorCode;
    const { message = '' } = error;
    return { reason, isOfToken: /registration token/i.test(message), isTooLarge: /too (big|large)/i.test(message) };
  } catch {
    return { reason: undefined, isOfToken: false, isTooLarge: false };
  }
}
