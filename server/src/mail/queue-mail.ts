import type { MailDetails, MailKind } from '@fechatter/drizzle';
import { sql, type Tx } from '@fechatter/drizzle';
import { type Config, refuse } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';

/** A mail that a worker is to send. */
export interface NewMail {
  readonly kind: MailKind;
  readonly userId: string | null;
  readonly address: string;
  readonly details?: MailDetails;
  /** Absent: a day. */
  readonly hours?: number;
}

/** What is not sent by then is of no use any more. */
export const MAIL_HOURS = 24;

/** Whether this deployment sends mails at all. */
export const sendsMail = ({ mail }: Pick<Config<'server'>, 'mail'>): boolean => mail.via !== 'off';

/** Refuses what is of no use without mail. */
export function mustSendMail(config: Pick<Config<'server'>, 'mail'>): void {
  if (!sendsMail(config)) throw refuse('mail_off');
}

/** Has a mail sent once the transaction is committed; nothing where mail is off. */
export async function queueMail(
  tx: Tx,
  config: Pick<Config<'server'>, 'mail'>,
  { kind, userId, address, details = {}, hours = MAIL_HOURS }: NewMail,
): Promise<void> {
  if (!sendsMail(config)) return;
  await tx.execute(sql`
    insert into mail_jobs (id, kind, user_id, address, details, expires_at)
    values (${uuidv7()}, ${kind}, ${userId}, ${address}, ${JSON.stringify(details)}::jsonb,
      clock_timestamp() + make_interval(hours => ${hours}))`);
}

/** The same to whatever address its person has now. */
export async function queueNotice(
  tx: Tx,
  config: Pick<Config<'server'>, 'mail'>,
  { kind, userId }: Pick<NewMail, 'kind'> & { readonly userId: string },
): Promise<void> {
  if (!sendsMail(config)) return;
  const { rows } = await tx.execute<{ email: string }>(
    sql`select email from users where id = ${userId} and email is not null`,
  );
  if (rows[0] !== undefined) await queueMail(tx, config, { kind, userId, address: rows[0].email });
}
