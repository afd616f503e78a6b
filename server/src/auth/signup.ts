import { Session, Signup } from '@fechatter/contract';
import { hashOfToken, refuse } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { limitedOpen } from '../access/limited-procedures.ts';
import { strangersLane } from '../identity/hash-lane.ts';
import { hidesAccounts } from '../mail/hides-accounts.ts';
import { mayMail } from '../mail/may-mail.ts';
import { sendsMail } from '../mail/queue-mail.ts';
import { checkPasswordChoice } from '../identity/password-choice.ts';
import { accountKey } from './account.ts';
import { checkSignup } from './check-signup.ts';
import { openSession } from './open-session.ts';

export const signup = limitedOpen('signup')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/signup',
      successStatus: 201,
      summary: 'Sign up',
      description:
        'Creates an account and signs you in. If this deployment sends mail, a mail asks you to verify the address, ' +
        'and an address that already has an account is no error: its owner is told by mail, and until you verify the ' +
        'address you can sign in to the new account only from this device. Otherwise an address has one account, ' +
        'whatever its case (`email_taken`). With `invite_token` you join its workspace when you verify the address. ' +
        'The most common passwords are refused. The operator may require an ' +
        'invitation, or addresses of certain domains. Limited to 20 an hour per IP address, unless the operator sets ' +
        'another limit.',
      tags: ['auth'],
      refusals: [
        'email_taken',
        'password_too_common',
        'signup_closed',
        'invitation_needed',
        'domain_not_allowed',
        'rate_limited',
      ],
      isProtected: false,
    },
  })
  .input(Signup)
  .output(Session)
  .mutation(async ({ ctx, input: { email, password, fullName, inviteToken } }) => {
    const { config, limits } = ctx.deps;
    await limits.take(ctx, 'signup');
    await checkSignup(ctx.deps.db.tables, ctx.deps, email, inviteToken);
    await checkPasswordChoice(password);
    const invite = inviteToken === undefined ? null : hashOfToken(inviteToken);
    const passwordHash = await ctx.deps.passwords.hash(password, strangersLane(ctx.address));
    const session = await openSession(ctx, {
      name: 'signup',
      mail: sendsMail(config) && (await mayMail(ctx, accountKey(email))) ? 'verify' : null,
      text: `insert into users (id, email, full_name, password_hash, holds_email, signup_invite)
             values ($13::uuid, $14, $15, $16, $17::boolean, $18::bytea)
             on conflict (lower(email collate "C")) where holds_email do nothing
             returning id, email, full_name, device_epoch`,
      values: [uuidv7(), email, fullName, passwordHash, !hidesAccounts(config), invite],
    });
    if (session === undefined) throw refuse('email_taken');
    return session;
  });
