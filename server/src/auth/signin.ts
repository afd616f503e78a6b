import { Session, Signin } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { accountKey, accountOf } from './account.ts';
import { comparePassword } from './compare-password.ts';
import { limitedAddress } from '../limits/limited-address.ts';
import { limitedOpen } from '../access/limited-procedures.ts';
import { openSession } from './open-session.ts';

export const signin = limitedOpen('signinByAddress')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/signin',
      successStatus: 200,
      summary: 'Sign in',
      description:
        'Opens a session. An unknown address and a wrong password are the same `wrong_credentials`. Limited to 10 a ' +
        'minute for an address and account together, to ten times that for an address, and to 100 wrong passwords an ' +
        'hour for an account.',
      tags: ['auth'],
      refusals: ['wrong_credentials', 'account_suspended', 'rate_limited'],
      isProtected: false,
    },
  })
  .input(Signin)
  .output(Session)
  .mutation(async ({ ctx, input: { email, password } }) => {
    const { db, failedSignIns, limits, passwords } = ctx.deps;
    const key = accountKey(email);
    await limits.take(ctx, 'signinByAddress');
    await limits.take(ctx, 'signinByAddressAndAccount', limitedAddress(ctx.address), key);
    const account = await accountOf(db, email);
    const isRight = await comparePassword(ctx, key, () => passwords.verify(account?.passwordHash, password));
    if (account !== undefined && (!isRight || account.status === 'Suspended')) failedSignIns.note(account.id, ctx);
    if (account === undefined || !isRight) throw refuse('wrong_credentials');
    if (account.status === 'Suspended') throw refuse('account_suspended');
    // The row is locked and judged again: a suspension or a new password at the same moment leaves no session behind.
    const session = await openSession(ctx, {
      name: 'signin',
      text: `select id, email, full_name from users
             where id = $10::uuid and status = 'Active' and password_hash = $11 for share`,
      values: [account.id, account.passwordHash],
    });
    if (session !== undefined) return session;
    const now = await accountOf(db, email);
    throw refuse(
      now?.status === 'Suspended' && now.passwordHash === account.passwordHash
        ? 'account_suspended'
        : 'wrong_credentials',
    );
  });
