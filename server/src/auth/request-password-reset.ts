import { Email, PasswordResetRequest } from '@fechatter/contract';
import { inTransaction } from '@fechatter/drizzle';
import { z } from 'zod';
import { limitedOpen } from '../access/limited-procedures.ts';
import { mustSendMail, queueMail } from '../mail/queue-mail.ts';
import { accountKey } from './account.ts';

/** Whoever gets it later has asked again. */
const RESET_HOURS = 1;

export const requestPasswordReset = limitedOpen('passwordReset')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/password-reset',
      successStatus: 204,
      summary: 'Ask for a mail that sets a password anew',
      description:
        'The same answer, in the same time, for any address: whether it has an account is looked up behind it. The link is ' +
        'good once, for 30 minutes. Limited to 20 an hour for a caller’s address; of what goes to one address more than ' +
        '5 an hour are not sent.',
      tags: ['auth'],
      refusals: ['mail_off', 'rate_limited'],
      isProtected: false,
    },
  })
  .input(PasswordResetRequest)
  .output(z.void())
  .mutation(async ({ ctx, input }) => {
    const { config, db, limits } = ctx.deps;
    mustSendMail(config);
    await limits.take(ctx, 'passwordReset');
    const { data: address } = Email.safeParse(input.email);
    if (address === undefined || !(await limits.isWithin('mailTo', accountKey(address)))) return;
    const mail = { kind: 'reset', userId: null, address, hours: RESET_HOURS } as const;
    await inTransaction(db, (tx) => queueMail(tx, config, mail));
  });
