import { AddedPasskey, limits as contractLimits, type Passkey, PasskeyAdd, registrationOf } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { v7 as uuidv7 } from 'uuid';
import { reauthenticated } from '../access/limited-procedures.ts';
import { mustBeFresh } from '../access/must-be-fresh.ts';
import { makeChange } from '../change/change.ts';
import type { AuthedContext } from '../context.ts';
import { queueNotice } from '../mail/queue-mail.ts';
import { lockOwner, renewCodes, requireSecondFactor } from './factors-of.ts';
import { mustHavePasskeys, spendPasskeyChallenge } from './passkey-challenge.ts';

const NAME = 'Passkey';
/** By WebAuthn; the library does not check it. */
const CREDENTIAL_ID_MAX_BYTES = 1_023;

export const passkeyAdd = reauthenticated
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/passkeys',
      successStatus: 201,
      summary: 'Add a passkey',
      description:
        'Takes what `navigator.credentials.create()` returned. With a passkey you sign in without a password. From now ' +
        'on the password alone does not sign in: it also needs a passkey, a code of an authenticator app or a recovery ' +
        'code. If this is your first second factor, you get ten recovery codes, shown only now. At most 20 passkeys. ' +
        'Needs what `auth.passkeyBegin` needs.',
      tags: ['auth'],
      refusals: [
        'token_spent',
        'reauthentication_needed',
        'email_unverified',
        'quota_exceeded',
        'passkeys_off',
        'rate_limited',
      ],
    },
  })
  .input(PasskeyAdd)
  .output(AddedPasskey)
  .mutation(async ({ ctx, input }) => {
    const { config, limits } = ctx.deps;
    const { userId, credential } = ctx.principal;
    await limits.take(ctx, 'passwordChange', credential.sessionId);
    const made = await verifyRegistration(ctx, input.passkey);
    return makeChange(ctx, async (change) => {
      const { tx } = change;
      await mustBeFresh(tx, credential.sessionId);
      const { hasSecondFactor } = await lockOwner(tx, ctx.deps, userId);
      const { rows: counted } = await tx.execute<{ count: number }>(
        sql`select count(*)::int as count from passkeys where user_id = ${userId}`,
      );
      if ((counted[0]?.count ?? 0) >= contractLimits.passkeysMax) throw refuse('quota_exceeded');
      const { rows } = await tx.execute<Passkey & Record<string, unknown>>(sql`
        insert into passkeys (id, user_id, credential_id, public_key, sign_count, transports, name, is_synced)
        values (${uuidv7()}, ${userId}, ${made.credentialId}, ${made.publicKey}, ${made.signCount},
          ${sql.param(made.transports)}::text[], ${input.name ?? NAME}, ${made.isSynced})
        on conflict (credential_id) do nothing
        returning id, name, is_synced as "isSynced", created_at as "createdAt", last_used_at as "lastUsedAt"`);
      const [passkey] = rows;
      if (passkey === undefined) throw refuse('token_spent');
      await requireSecondFactor(tx, userId);
      change.note('account.passkeyAdded', { userId, details: { passkeyId: passkey.id } });
      await queueNotice(tx, config, { kind: 'factorAdded', userId });
      return { passkey, recoveryCodes: hasSecondFactor ? null : await renewCodes(change, userId) };
    });
  });

/** What the browser made for our challenge, on our origin, for a person whom the device verified. */
async function verifyRegistration(ctx: AuthedContext, given: unknown) {
  const { config, db, log } = ctx.deps;
  const { rpId, origins } = mustHavePasskeys(config);
  const { id, rawId, type, response } = registrationOf(given);
  const { clientDataJSON, attestationObject, transports = [] } = response;
  const challenge = await spendPasskeyChallenge(db, clientDataJSON, ctx.principal.userId);
  const verified = await verifyRegistrationResponse({
    response: { id, rawId, type, clientExtensionResults: {}, response: { clientDataJSON, attestationObject } },
    expectedChallenge: challenge,
    expectedOrigin: origins,
    expectedRPID: rpId,
    requireUserVerification: true,
  }).catch((err: unknown) => {
    log.info({ err }, 'a new passkey was refused');
    return undefined;
  });
  if (!verified?.verified) throw refuse('token_spent');
  const { credential, credentialBackedUp } = verified.registrationInfo;
  const credentialId = Buffer.from(credential.id, 'base64url');
  if (credentialId.length > CREDENTIAL_ID_MAX_BYTES) throw refuse('token_spent');
  return {
    credentialId,
    publicKey: Buffer.from(credential.publicKey),
    signCount: credential.counter,
    transports: [...transports],
    isSynced: credentialBackedUp,
  };
}
