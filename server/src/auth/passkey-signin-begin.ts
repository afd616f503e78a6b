import { PasskeyOptions } from '@fechatter/contract';
import { generateAuthenticationOptions } from '@simplewebauthn/server';
import { limitedOpen } from '../access/limited-procedures.ts';
import { mustHavePasskeys, newPasskeyChallenge, PASSKEY_TIMEOUT_MS } from './passkey-challenge.ts';

export const passkeySigninBegin = limitedOpen('passkeySignin')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/passkey-signin/begin',
      successStatus: 200,
      summary: 'Begin to use a passkey',
      description:
        'Returns the options for `navigator.credentials.get()`, in the form of ' +
        '`PublicKeyCredential.parseRequestOptionsFromJSON()`. Pass the result within five minutes to ' +
        '`auth.passkeySignin`, or to `auth.secondFactor`, `auth.reauthenticate` or `auth.totpRemove`. Names no account: ' +
        'the device shows those that it has. Limited to 120 a minute per IP address.',
      tags: ['auth'],
      refusals: ['passkeys_off', 'rate_limited'],
      isProtected: false,
    },
  })
  .output(PasskeyOptions)
  .mutation(async ({ ctx }) => {
    const { config, db, limits } = ctx.deps;
    const { rpId } = mustHavePasskeys(config);
    await limits.take(ctx, 'passkeySignin');
    const challenge = new Uint8Array(await newPasskeyChallenge(db, null));
    const options = await generateAuthenticationOptions({
      rpID: rpId,
      challenge,
      timeout: PASSKEY_TIMEOUT_MS,
      userVerification: 'required',
    });
    return { options: { ...options } };
  });
