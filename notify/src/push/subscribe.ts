import { limits, PushAddress, PushSubscribed } from '@fechatter/contract';
import { storedPushAddress } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { createECDH, randomUUID } from 'node:crypto';
import { inSession } from './in-session.ts';
import { mustBeSent } from './published-kinds.ts';

export const subscribe = inSession('write')
  .meta({
    openapi: {
      method: 'POST',
      path: '/push/subscriptions',
      successStatus: 201,
      summary: 'Receive pushes on this device',
      description:
        'Give what `toJSON()` of a browser’s `PushSubscription` returns, with `kind` `WebPush` (UnifiedPush gives the same parts); ' +
        '`kind` `Fcm` and the registration token of Firebase; or `kind` `Apns`, the device token of Apple in hexadecimal, the ' +
        'bundle id as `topic`, and the `environment`: `production` or `development`. `push_kinds` of `info` has the kinds that ' +
        'are sent here. The subscription belongs to this session and ends with it. Subscribe again after each start of your app: ' +
        'that changes nothing if the address is the same, and one that another session or person had moves to you. An endpoint ' +
        'must be https; where it leads is checked when a push is sent. A person can have 50.',
      tags: ['push'],
      refusals: ['push_off', 'quota_exceeded', 'session_revoked', 'rate_limited'],
    },
  })
  .input(PushAddress)
  .output(PushSubscribed)
  .mutation(async ({ ctx, input }) => {
    if (input.kind === 'WebPush') mustBePoint(input.keys.p256dh);
    const { userId, credential } = ctx.principal;
    const { hash, host, text } = storedPushAddress(input);
    await mustBeSent(ctx.db, input.kind);
    const { rows } = await ctx.db.query<{ id: string | null }>(
      'select subscription_id as id from push_subscribe($1, $2, $3, $4, $5, $6, $7, $8)',
      [
        randomUUID(),
        userId,
        credential.sessionId,
        input.kind,
        hash,
        host,
        ctx.pushCipher.seal(userId, hash, text),
        limits.pushSubscriptionsMax,
      ],
    );
    const [subscription] = rows;
    if (subscription === undefined) throw refuse('session_revoked');
    if (subscription.id === null) throw refuse('quota_exceeded');
    return { id: subscription.id };
  });

/** Nothing could be encrypted for a key that is no point of the curve. */
function mustBePoint(p256dh: string): void {
  try {
    const ecdh = createECDH('prime256v1');
    ecdh.generateKeys();
    ecdh.computeSecret(Buffer.from(p256dh, 'base64url'));
  } catch {
    throw refuse('invalid_input', {
      issues: [{ path: ['keys', 'p256dh'], message: 'must be a point of P-256', code: 'custom' }],
    });
  }
}
