import { PasskeyOptions } from '@fechatter/contract';
import { inTransaction, sql } from '@fechatter/drizzle';
import { generateRegistrationOptions } from '@simplewebauthn/server';
import { reauthenticated } from '../access/limited-procedures.ts';
import { mustBeFresh } from '../access/must-be-fresh.ts';
import { lockOwner } from './factors-of.ts';
import { userHandleOf } from './verify-passkey.ts';
import { mustHavePasskeys, newPasskeyChallenge, PASSKEY_TIMEOUT_MS } from './passkey-challenge.ts';

export const passkeyBegin = reauthenticated
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/passkeys/begin',
      successStatus: 200,
      summary: 'Begin to add a passkey',
      description:
        'Returns the options for `navigator.credentials.create()`, in the form of ' +
        '`PublicKeyCredential.parseCreationOptionsFromJSON()`; pass the result to `auth.passkeyAdd` within five ' +
        'minutes. Needs a sign-in or `auth.reauthenticate` within the last ten minutes, and where a mail host sends ' +
        'mail a verified address.',
      tags: ['auth'],
      refusals: ['reauthentication_needed', 'email_unverified', 'passkeys_off', 'rate_limited'],
    },
  })
  .output(PasskeyOptions)
  .mutation(async ({ ctx }) => {
    const { config, db, limits } = ctx.deps;
    const { userId, credential } = ctx.principal;
    const { rpId } = mustHavePasskeys(config);
    await limits.take(ctx, 'passwordChange', credential.sessionId);
    const { name, label, known } = await inTransaction(db, async (tx) => {
      await mustBeFresh(tx, credential.sessionId);
      await lockOwner(tx, ctx.deps, userId);
      const { rows } = await tx.execute<{ name: string; label: string; known: Buffer[] }>(sql`
        select full_name as name, coalesce(email, full_name) as label,
          array(select credential_id from passkeys where user_id = ${userId}) as known
        from users where id = ${userId}`);
      if (rows[0] === undefined) throw new Error('a locked row is there');
      return rows[0];
    });
    const challenge = await newPasskeyChallenge(db, userId);
    const options = await generateRegistrationOptions({
      rpName: config.mail.name,
      rpID: rpId,
      userName: label,
      userDisplayName: name,
      userID: new Uint8Array(Buffer.from(userHandleOf(userId), 'base64url')),
      challenge: new Uint8Array(challenge),
      timeout: PASSKEY_TIMEOUT_MS,
      attestationType: 'none',
      excludeCredentials: known.map((id) => ({ id: id.toString('base64url') })),
      // Stored with the account on the device, so that no address has to be typed.
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    return { options: { ...options } };
  });
