import { SecondFactor, Session } from '@fechatter/contract';
import { hashOfToken, refuse } from '@fechatter/service-kit';
import { limitedOpen } from '../access/limited-procedures.ts';
import { signinSource } from './code-source.ts';
import { verifyCode, type RightCode } from './verify-code.ts';
import { verifyOwnPasskey, type RightPasskey } from './verify-passkey.ts';
import { openSession } from './open-session.ts';
import { openChallenge, type SigninChallenge } from './signin-challenge.ts';

export const secondFactor = limitedOpen('secondFactor')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/second-factor',
      successStatus: 200,
      summary: 'Sign in with the second factor',
      description:
        'Completes a sign-in that was refused with `second_factor_required`: takes its `challenge`, and a code of the ' +
        'authenticator app, a recovery code, or what a passkey signed for `auth.passkeySigninBegin`. A challenge works once, for five minutes; after a wrong code try again ' +
        'with the same one. Each code works once. Limited to 60 a minute per IP address. Wrong codes of the app are ' +
        'limited to 20 an hour and 60 a day for one account; known devices have counts of their own.',
      tags: ['auth'],
      refusals: ['token_spent', 'passkeys_off', 'rate_limited'],
      isProtected: false,
    },
  })
  .input(SecondFactor)
  .output(Session)
  .mutation(async ({ ctx, input: { challenge, code, passkey } }) => {
    const { db, failedSignIns, limits } = ctx.deps;
    await limits.take(ctx, 'secondFactor');
    const waiting = await openChallenge(db, challenge);
    const verified =
      code === undefined
        ? verifyOwnPasskey(ctx, waiting.user_id, passkey)
        : verifyCode(ctx, waiting.user_id, await signinSource(limits, waiting), code);
    const right = await verified.catch((error: unknown) => {
      failedSignIns.note(waiting.user_id, ctx, 'account.secondFactorFailed');
      throw error;
    });
    const session = await openSession(ctx, { ...spending(waiting, challenge, right), ...mailFor(waiting, right) });
    if (session === undefined) throw refuse('token_spent');
    return session;
  });

type Right = RightCode | RightPasskey;

/** Uses up the code with the session that it opens, if this is who uses up the challenge. */
const uses = {
  Totp: {
    name: 'totp',
    text: `update totp_factors set last_step = $15::bigint
           where user_id = $13::uuid and last_step < $15::bigint and confirmed_at is not null
             and exists (select from spent) returning user_id`,
  },
  RecoveryCode: {
    name: 'recovery',
    text: `delete from recovery_codes where user_id = $13::uuid and code_hash = $15::bytea
             and exists (select from spent) returning user_id`,
  },
  Passkey: {
    name: 'passkeySecond',
    text: `update passkeys set sign_count = $15::bigint, last_used_at = now()
           where id = $16::uuid and user_id = $13::uuid and (sign_count < $15::bigint or sign_count = 0 and $15::bigint = 0)
             and exists (select from spent) returning user_id`,
  },
} as const;

function spending({ user_id: userId, device_id: deviceId }: SigninChallenge, challenge: string, right: Right) {
  const { name, text } = uses[right.method];
  return {
    name,
    deviceId: deviceId ?? undefined,
    // The person's row first, because ending challenges locks it too; then the challenge, so that of several codes for
    // one at once one is used up.
    using: `holder as materialized (
        select id, email, full_name, device_epoch from users where id = $13::uuid and status = 'Active' for share),
      spent as (
        delete from signin_challenges
        where token_hash = $14::bytea and user_id = $13::uuid and expires_at > clock_timestamp()
          and exists (select from holder)
        returning user_id),
      used as (${text})`,
    text: 'select h.id, h.email, h.full_name, h.device_epoch from holder h join used on used.user_id = h.id',
    values: [userId, hashOfToken(challenge), ...valuesOf(right)],
  } as const;
}

function valuesOf(right: Right): readonly unknown[] {
  switch (right.method) {
    case 'Totp':
      return [right.step];
    case 'RecoveryCode':
      return [right.codeHash];
    case 'Passkey':
      return [right.signCount, right.passkeyId];
    default:
      return right satisfies never;
  }
}

const mailFor = ({ device_id: deviceId }: SigninChallenge, { method }: Right) =>
  ({ mail: method === 'RecoveryCode' ? 'recoveryCodeUsed' : deviceId === null ? 'newDevice' : null }) as const;
