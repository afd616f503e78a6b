import { PushKey } from '@fechatter/contract';
import { inSession } from './in-session.ts';
import { publishedKey } from './published-kinds.ts';

export const key = inSession('read')
  .meta({
    openapi: {
      method: 'GET',
      path: '/push/key',
      summary: 'Get the key for push subscriptions of browsers',
      description:
        'The public key that browsers want as `applicationServerKey` (VAPID). It changes only if the operator replaces it; ' +
        'a subscription that was made with another one must be made again. FCM and APNs need no such key.',
      tags: ['push'],
      refusals: ['push_off', 'session_revoked', 'rate_limited'],
    },
  })
  .output(PushKey)
  .query(async ({ ctx }) => ({ publicKey: await publishedKey(ctx.db) }));
