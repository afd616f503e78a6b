import { inTransaction, sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { limitedAuthed } from '../access/limited-procedures.ts';
import { mustSendMail, queueMail } from '../mail/queue-mail.ts';

export const requestVerification = limitedAuthed('verification', 'auth')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/verification',
      successStatus: 204,
      summary: 'Request a mail to verify your address',
      description:
        'The link in the mail works once, within 30 minutes. No mail is sent if the address is already verified. ' +
        'Limited to 5 an hour.',
      tags: ['auth'],
      refusals: ['mail_off', 'rate_limited'],
    },
  })
  .output(z.void())
  .mutation(async ({ ctx }) => {
    const { config, db, limits } = ctx.deps;
    const { userId } = ctx.principal;
    mustSendMail(config);
    await limits.take(ctx, 'verification', userId);
    await inTransaction(db, async (tx) => {
      const { rows } = await tx.execute<{ email: string; is_proved: boolean }>(
        sql`select email, email_verified_at is not null as is_proved from users where id = ${userId} and status = 'Active'`,
      );
      if (rows[0] === undefined) throw refuse('session_revoked');
      if (!rows[0].is_proved) await queueMail(tx, config, { kind: 'verify', userId, address: rows[0].email });
    });
  });
