import type { GuardedRequest } from '@fechatter/service-kit';
import webPush from 'web-push';
import { z } from 'zod';
import { outcomeOf, type PushSender, TTL_SECONDS } from './push-sender.ts';

const TIMEOUT_MS = 15_000;
const Address = z.object({ endpoint: z.string(), keys: z.object({ p256dh: z.string(), auth: z.string() }) });

export interface WebPushDeps {
  readonly request: GuardedRequest;
  /** Who signs, and whom push services write to. */
  readonly vapid: { readonly subject: string; readonly publicKey: string; readonly privateKey: string };
}

/** Pushes to browsers (RFC 8030), encrypted for them (RFC 8291). */
export const webPushSender =
  ({ request, vapid }: WebPushDeps): PushSender =>
  async ({ address: text, content, topic, urgency, signal }) => {
    const address = Address.parse(JSON.parse(text));
    const { headers, body } = webPush.generateRequestDetails(address, JSON.stringify(content), {
      vapidDetails: vapid,
      TTL: TTL_SECONDS,
      urgency,
      topic,
    });
    return outcomeOf(
      await request({
        url: address.endpoint,
        method: 'POST',
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
        body,
        timeoutMs: TIMEOUT_MS,
        signal,
      }),
    );
  };
