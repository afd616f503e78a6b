import { PasskeySignin, Session } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { limitedOpen } from '../access/limited-procedures.ts';
import { verifyPasskey } from './verify-passkey.ts';
import { openSession } from './open-session.ts';

export const passkeySignin = limitedOpen('passkeySignin')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/passkey-signin',
      successStatus: 200,
      summary: 'Sign in with a passkey',
      description:
        'Takes what `navigator.credentials.get()` returned for `auth.passkeySigninBegin`. Needs neither an address nor a ' +
        'password nor a second factor: the passkey is on your device, and the device verified that it is you. Limited ' +
        'to 120 a minute per IP address.',
      tags: ['auth'],
      refusals: ['token_spent', 'passkeys_off', 'rate_limited'],
      isProtected: false,
    },
  })
  .input(PasskeySignin)
  .output(Session)
  .mutation(async ({ ctx, input }) => {
    await ctx.deps.limits.take(ctx, 'passkeySignin');
    const { userId, passkeyId, signCount, isSynced } = await verifyPasskey(ctx, input.passkey);
    const session = await openSession(ctx, {
      name: 'passkey',
      // Those of one passkey are of one device.
      deviceId: passkeyId,
      mail: null,
      // The person's row first, because removing passkeys locks it too.
      using: `holder as materialized (
          select id, email, full_name, device_epoch from users where id = $16::uuid and status = 'Active' for share),
        used as (
          update passkeys set sign_count = $14::bigint, is_synced = $15::boolean, last_used_at = now()
          where id = $13::uuid and user_id = $16::uuid and exists (select from holder)
            and (sign_count < $14::bigint or sign_count = 0 and $14::bigint = 0)
          returning user_id)`,
      text: 'select h.id, h.email, h.full_name, h.device_epoch from holder h join used on used.user_id = h.id',
      values: [passkeyId, signCount, isSynced, userId],
    });
    if (session === undefined) throw refuse('token_spent');
    return session;
  });
