import { PasskeySignin, Session } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { limitedOpen } from '../access/limited-procedures.ts';
import { judgePasskey } from './judge-passkey.ts';
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
    const { passkeyId, signCount, isSynced } = await judgePasskey(ctx, input.passkey);
    const session = await openSession(ctx, {
      name: 'passkey',
      // Those of one passkey are of one device.
      deviceId: passkeyId,
      mail: null,
      using: `used as (
        update passkeys set sign_count = $14::bigint, is_synced = $15::boolean, last_used_at = now()
        where id = $13::uuid and (sign_count < $14::bigint or sign_count = 0 and $14::bigint = 0)
        returning user_id)`,
      text: `select u.id, u.email, u.full_name, u.device_epoch from users u join used on used.user_id = u.id
             where u.status = 'Active' for share of u`,
      values: [passkeyId, signCount, isSynced],
    });
    if (session === undefined) throw refuse('token_spent');
    return session;
  });
