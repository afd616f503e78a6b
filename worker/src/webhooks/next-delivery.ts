import { type Database, deliveryColumns, type DeliveryRow, type SecretCipher } from '@fechatter/drizzle';
import type { Lane } from './lanes.ts';

/** The next delivery of a lane, with what sending it needs. */
export interface NextDelivery extends DeliveryRow {
  readonly bot_id: string;
  readonly workspace_id: string;
  readonly url: string;
  readonly secrets: readonly { readonly id: string; readonly sealed: string }[];
}

const nextSql = (isRetry: boolean, which: string) => `
  select ${deliveryColumns}, w.bot_id, w.workspace_id, w.url, (
    select json_agg(json_build_object('id', s.id, 'sealed', encode(s.sealed, 'base64')) order by s.id desc)
    from webhook_secrets s
    where s.webhook_id = w.id and (s.ends_at is null or s.ends_at > clock_timestamp())) as secrets
  from webhooks w
  join bots b on b.user_id = w.bot_id and b.deleted_at is null
  join users u on u.id = b.user_id and u.status = 'Active'
  join webhook_lanes l on l.webhook_id = w.id and l.is_retry = ${isRetry} and l.lease = $2 and l.due_at > clock_timestamp()
  join webhook_deliveries d on d.webhook_id = w.id
  where w.id = $1 and w.off_at is null and w.deleted_at is null and d.state = 'Waiting' and ${which} limit 1`;
const firstSql = nextSql(false, 'd.due_at is null order by d.number');
const retrySql = nextSql(true, 'd.due_at <= clock_timestamp() order by d.due_at');

/** Undefined: nothing is due, or the lease has ended, so that another worker may send it, or the webhook is off, or its bot was deleted or suspended. */
export async function nextDelivery(
  { pool }: Database,
  { webhookId, isRetry, lease }: Lane,
): Promise<NextDelivery | undefined> {
  const { rows } = await pool.query<NextDelivery>({
    name: isRetry ? 'next-webhook-retry' : 'next-webhook-delivery',
    text: isRetry ? retrySql : firstSql,
    values: [webhookId, lease],
  });
  return rows[0];
}

/** The texts of the secrets that sign, the newest first. */
export const secretsOf = (cipher: SecretCipher, { secrets }: Pick<NextDelivery, 'secrets'>): readonly string[] =>
  secrets.map(({ id, sealed }) => cipher.open(id, Buffer.from(sealed, 'base64')));
