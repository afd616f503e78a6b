import { Email, PasswordResetRequest } from '@fechatter/contract';
import { inTransaction } from '@fechatter/drizzle';
import { z } from 'zod';
import { limitedOpen } from '../access/limited-procedures.ts';
import { mayMail } from '../mail/may-mail.ts';
import { mustSendMail, queueMail } from '../mail/queue-mail.ts';
import { accountKey } from './account.ts';

/** A mail that arrives later is useless: by then the person has requested another. */
const RESET_HOURS = 1;

export const requestPasswordReset = limitedOpen('passwordReset')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/password-reset',
      successStatus: 204,
      summary: 'Request a mail to reset your password',
      description:
        'The response is the same, and takes the same time, whether or not the address has an account. The link in ' +
        'the mail works once, within 30 minutes. Limited to 20 an hour per IP address; at most 5 mails an hour are ' +
        'sent to one mailbox for requests from one IP address, 10 from one network, and 30 in total; further ones are ' +
        'dropped silently.',
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
    if (address === undefined || !(await mayMail(ctx, accountKey(address)))) return;
    const mail = { kind: 'reset', userId: null, address, hours: RESET_HOURS } as const;
    await inTransaction(db, (tx) => queueMail(tx, config, mail));
  });
