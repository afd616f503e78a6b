import { sql, type Tx } from '@fechatter/drizzle';
import type { Config } from '@fechatter/service-kit';

/** Whether this deployment sends mails. */
export interface MailVia {
  readonly mail: Pick<Config<'worker'>['mail'], 'via'>;
}

/** A workspace can have more Owners. */
const PEOPLE_MAX = 10;

/**
 * Has the Owners of the workspace informed by mail that a webhook was switched off, and the person who created it if they still
 * manage webhooks; nothing where mail is off.
 */
export async function queueOffMails(tx: Tx, { mail }: MailVia, webhookId: string): Promise<void> {
  if (mail.via === 'off') return;
  await tx.execute(sql`
    insert into mail_jobs (id, kind, user_id, address, details, expires_at)
    select gen_random_uuid(), 'webhookOff', u.id, u.email, ${JSON.stringify({ webhookId })}::jsonb,
      clock_timestamp() + interval '1 day'
    from webhooks w
    join live_workspace_members m on m.workspace_id = w.workspace_id
      and (m.role = 'Owner' or m.user_id = w.created_by and m.role >= 'Admin')
    join users u on u.id = m.user_id and u.email is not null
    where w.id = ${webhookId} order by (m.user_id = w.created_by) desc, u.id limit ${PEOPLE_MAX}::int`);
}
