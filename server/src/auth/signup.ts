import { Session, Signup } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { limitedOpen } from '../access/limited-procedures.ts';
import { judgePasswordChoice } from '../identity/password-choice.ts';
import { strangersLane } from '../identity/hash-lane.ts';
import { openSession } from './open-session.ts';

export const signup = limitedOpen('signup')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/signup',
      successStatus: 201,
      summary: 'Sign up',
      description:
        'Makes an account and signs it in. An e-mail address has one account, whatever its case (`email_taken`). ' +
        'The commonest passwords are refused. ' +
        'Limited by address: 20 an hour, or what the operator says.',
      tags: ['auth'],
      refusals: ['email_taken', 'password_too_common', 'rate_limited'],
      isProtected: false,
    },
  })
  .input(Signup)
  .output(Session)
  .mutation(async ({ ctx, input: { email, password, fullName } }) => {
    await ctx.deps.limits.take(ctx, 'signup');
    await judgePasswordChoice(password);
    const passwordHash = await ctx.deps.passwords.hash(password, strangersLane(ctx.address));
    const session = await openSession(ctx, {
      name: 'signup',
      text: `insert into users (id, email, full_name, password_hash) values ($13::uuid, $14, $15, $16)
             on conflict (lower(email collate "C")) do nothing returning id, email, full_name, device_epoch`,
      values: [uuidv7(), email, fullName, passwordHash],
    });
    if (session === undefined) throw refuse('email_taken');
    return session;
  });
