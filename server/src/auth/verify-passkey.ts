import { assertionOf } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import type { Context } from '../context.ts';
import { mustHavePasskeys, spendPasskeyChallenge } from './passkey-challenge.ts';

/** A passkey that signed rightly, and whose it is; noting its use is left to the caller's transaction. */
export interface RightPasskey {
  readonly method: 'Passkey';
  readonly userId: string;
  readonly passkeyId: string;
  readonly signCount: number;
  readonly isSynced: boolean;
}

interface PasskeyRow {
  readonly id: string;
  readonly user_id: string;
  readonly public_key: Buffer;
  readonly sign_count: number;
}

/**
 * Verifies what a passkey signed: our challenge, on our origin, by a person whom the device verified. Whatever is
 * wrong, the refusal is token_spent.
 */
export async function verifyPasskey(ctx: Context, given: unknown): Promise<RightPasskey> {
  const { config, db, log } = ctx.deps;
  const { rpId, origins } = mustHavePasskeys(config);
  const assertion = assertionOf(given);
  const challenge = await spendPasskeyChallenge(db, assertion.response.clientDataJSON, null);
  const { rows } = await db.pool.query<PasskeyRow>({
    name: 'passkey-by-credential',
    text: `
      select p.id, p.user_id, p.public_key, p.sign_count::float8 as sign_count
      from passkeys p join users u on u.id = p.user_id and u.status = 'Active' where p.credential_id = $1`,
    values: [Buffer.from(assertion.rawId, 'base64url')],
  });
  const [passkey] = rows;
  if (passkey === undefined) throw refuse('token_spent');
  const { clientDataJSON, authenticatorData, signature, userHandle } = assertion.response;
  // A passkey names the account that it was made for: one of another account is not accepted.
  if (userHandle && userHandle !== userHandleOf(passkey.user_id)) throw refuse('token_spent');
  const verified = await verifyAuthenticationResponse({
    response: {
      id: assertion.id,
      rawId: assertion.rawId,
      type: assertion.type,
      clientExtensionResults: {},
      response: { clientDataJSON, authenticatorData, signature },
    },
    expectedChallenge: challenge,
    expectedOrigin: origins,
    expectedRPID: rpId,
    requireUserVerification: true,
    credential: {
      id: assertion.rawId,
      publicKey: new Uint8Array(passkey.public_key),
      counter: passkey.sign_count,
    },
  }).catch((err: unknown) => {
    log.info({ err, passkeyId: passkey.id }, 'a passkey was refused');
    return undefined;
  });
  if (!verified?.verified) throw refuse('token_spent');
  const { newCounter, credentialBackedUp } = verified.authenticationInfo;
  return {
    method: 'Passkey',
    userId: passkey.user_id,
    passkeyId: passkey.id,
    signCount: newCounter,
    isSynced: credentialBackedUp,
  };
}

/** The same, by a passkey of this person; others are refused. */
export async function verifyOwnPasskey(ctx: Context, userId: string, given: unknown): Promise<RightPasskey> {
  const right = await verifyPasskey(ctx, given);
  if (right.userId !== userId) throw refuse('token_spent');
  return right;
}

/** The account's id for a passkey, which reveals nothing about the person. */
export const userHandleOf = (userId: string): string =>
  Buffer.from(userId.replaceAll('-', ''), 'hex').toString('base64url');
