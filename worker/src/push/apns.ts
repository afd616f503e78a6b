import type { ApnsKey } from '@fechatter/service-kit';
import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import { type AlertWords, apnsHeaders, apnsPayload } from './apns-payload.ts';
import type { Http2Post } from './http2-post.ts';
import { keepToken } from './kept-token.ts';
import { outcomeOf, type PushSender } from './push-sender.ts';

export interface ApnsDeps {
  readonly key: ApnsKey;
  /** The origins of Apple's push service, by the environment of the app. */
  readonly urls: { readonly production: string; readonly development: string };
  readonly words: AlertWords;
  readonly post: Http2Post;
}

/** Apple wants a token between 20 minutes and an hour old. */
const TOKEN_GOOD_MS = 2_400_000;
const TOKEN_AGAIN_MS = 1_200_000;
const Address = z.object({ token: z.string(), topic: z.string(), environment: z.enum(['production', 'development']) });
const Refused = z.object({ reason: z.string().regex(/^\w{1,40}$/) });
/** Besides 410: this device will never take a push. */
const GONE = new Set(['BadDeviceToken', 'DeviceTokenNotForTopic', 'Unregistered', 'ExpiredToken']);

/** Pushes to devices of Apple, by tokens that are signed with a key of the operator's team. */
export function apnsSender({ key, urls, words, post }: ApnsDeps): PushSender {
  const tokens = keepToken(async () => ({ token: await signed(key), goodForMs: TOKEN_GOOD_MS }), {
    againMs: TOKEN_AGAIN_MS,
  });
  return async (push) => {
    const { token: device, topic, environment } = Address.parse(JSON.parse(push.address));
    const token = await tokens.get();
    const { status, headers, body } = await post({
      url: `${urls[environment]}/3/device/${device}`,
      headers: { authorization: `bearer ${token}`, 'apns-topic': topic, ...apnsHeaders(push) },
      body: JSON.stringify(apnsPayload(push.content, words)),
      signal: push.signal,
    });
    const reason = reasonIn(body);
    if (status === 403 || status === 401) tokens.reject(token);
    if (status === 400 && reason !== undefined && GONE.has(reason)) return { did: 'gone', failure: reason };
    return outcomeOf({ status, headers, reason });
  };
}

const signed = async ({ privateKey, keyId, teamId }: ApnsKey): Promise<string> =>
  new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: keyId })
    .setIssuer(teamId)
    .setIssuedAt()
    .sign(await importPKCS8(privateKey, 'ES256'));

function reasonIn(body: string): string | undefined {
  try {
    return Refused.safeParse(JSON.parse(body)).data?.reason;
  } catch {
    return undefined;
  }
}
