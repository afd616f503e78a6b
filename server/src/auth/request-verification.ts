import { inTransaction } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { limitedAuthed } from '../access/limited-procedures.ts';
import { mayMail } from '../mail/may-mail.ts';
import { mustSendMail, queueMail } from '../mail/queue-mail.ts';
import { accountKey } from './account.ts';

const HOUR_MS = 3_600_000;

export const requestVerification = limitedAuthed('verification', 'auth')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/verification',
      successStatus: 204,
      summary: 'Request a mail to verify your address',
      description:
        'The link in the mail works once, within 30 minutes. No mail is sent if the address is already verified. ' +
        'Limited to 5 an hour, and to 5 an hour for one mailbox from one IP address.',
      tags: ['auth'],
      refusals: ['mail_off', 'email_missing', 'rate_limited'],
    },
  })
  .output(z.void())
  .mutation(async ({ ctx }) => {
    const { config, db, limits } = ctx.deps;
    const { userId } = ctx.principal;
    mustSendMail(config);
    await limits.take(ctx, 'verification', userId);
    const { rows } = await db.pool.query<{ email: string | null; is_proved: boolean }>(
      `select email, email_verified_at is not null as is_proved from users where id = $1 and status = 'Active'`,
      [userId],
    );
    if (rows[0] === undefined) throw refuse('session_revoked');
    const { email: address, is_proved: isProved } = rows[0];
    if (isProved) return;
    if (address === null) throw refuse('email_missing');
    if (!(await mayMail(ctx, accountKey(address)))) throw refuse('rate_limited', { retryAfterMs: HOUR_MS });
    await inTransaction(db, (tx) => queueMail(tx, config, { kind: 'verify', userId, address }));
  });
