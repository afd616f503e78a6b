import { Session, Signin } from '@fechatter/contract';
import { limitedAddress, refuse } from '@fechatter/service-kit';
import { type Account, accountKey, accountOf } from './account.ts';
import { comparePassword } from './compare-password.ts';
import { limitedOpen } from '../access/limited-procedures.ts';
import type { KnownDevice } from '../identity/device-token.ts';
import { openSession } from './open-session.ts';
import { knownDevice, stranger } from './password-source.ts';
import { secondFactorNeeded } from './signin-challenge.ts';

const KNOWN_SECONDS = 365 * 86_400;

export const signin = limitedOpen('signinByAddress')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/signin',
      successStatus: 200,
      summary: 'Sign in',
      description:
        'Opens a session. An unknown address and a wrong password are both `wrong_credentials`. Limited to 10 a ' +
        'minute for one IP address and account, and to 100 a minute for one IP address. Wrong passwords for one ' +
        'account are limited to 30 an hour from one IP address (for IPv6, its /64), 50 from its /56, 100 from its ' +
        '/48 or /24, and 1,000 in total. If you send the `device_token` of an earlier session of this account, only ' +
        'the limits of this device apply: 10 a minute, and 100 wrong passwords an hour. After 300 wrong passwords an ' +
        'hour from all known devices of the account, the other limits apply to them too. With a second factor the right ' +
        'password gets `second_factor_required`, with a `challenge` for `auth.secondFactor` and the `methods` of ' +
        'the account.',
      tags: ['auth'],
      refusals: ['wrong_credentials', 'second_factor_required', 'account_suspended', 'rate_limited'],
      isProtected: false,
    },
  })
  .input(Signin)
  .output(Session)
  .mutation(async ({ ctx, input: { email, password, deviceToken } }) => {
    const { db, deviceTokens, failedSignIns, limits } = ctx.deps;
    const key = accountKey(email);
    const presented = deviceTokens.decode(deviceToken);
    // Before any query, because most floods have no token.
    if (presented === undefined) await limits.take(ctx, 'signinByAddress');
    const named = await accountOf(db, email, presented?.userId);
    const device = named && presented && isKnownTo(named, presented) ? presented : undefined;
    const account = device === undefined && named?.holdsEmail === false ? await accountOf(db, email) : named;
    const isApart = device !== undefined && (await limits.hasLeft('wrongPasswordByDevices', device.userId));
    if (isApart) await limits.take(ctx, 'signinByDevice', device.deviceId);
    else {
      if (presented !== undefined) await limits.take(ctx, 'signinByAddress');
      await limits.take(ctx, 'signinByAddressAndAccount', limitedAddress(ctx.address), key);
    }
    const source = isApart ? knownDevice(ctx, device) : stranger(ctx, key);
    const isRight = await comparePassword(ctx, source, account, password);
    if (account !== undefined && (!isRight || account.status === 'Suspended')) failedSignIns.note(account.id, ctx);
    if (account === undefined || !isRight) throw refuse('wrong_credentials');
    if (account.status === 'Suspended') throw refuse('account_suspended');
    if (account.hasSecondFactor) throw await secondFactorNeeded(ctx, account, device?.deviceId);
    // The row is locked and checked again: a concurrent suspension or change of password leaves no session behind.
    const session = await openSession(ctx, {
      name: 'signin',
      deviceId: device?.deviceId,
      mail: device === undefined ? 'newDevice' : null,
      text: `select id, email, full_name, device_epoch from users
             where id = $13::uuid and status = 'Active' and password_hash = $14 and second_factor_at is null for share`,
      values: [account.id, account.passwordHash],
    });
    if (session !== undefined) return session;
    const now = await accountOf(db, email, device?.userId);
    if (now?.hasSecondFactor && now.passwordHash === account.passwordHash)
      throw await secondFactorNeeded(ctx, now, device?.deviceId);
    throw refuse(
      now?.status === 'Suspended' && now.passwordHash === account.passwordHash
        ? 'account_suspended'
        : 'wrong_credentials',
    );
  });

function isKnownTo({ id, deviceEpoch, nowSeconds }: Account, { userId, epoch, issuedAtSeconds }: KnownDevice): boolean {
  return userId === id && epoch === deviceEpoch && issuedAtSeconds > nowSeconds - KNOWN_SECONDS;
}
