import type { Database } from '@fechatter/drizzle';

export interface WaitingWebhooks {
  /** How long the oldest due first attempt or retry has waited beyond its time, in seconds; 0 if there is none. */
  readonly waitingSeconds: number;
  /** Webhooks whose last attempt failed. */
  readonly failing: number;
}

/** What waits to be sent, by all workers. */
export async function waitingWebhooks({ pool }: Database): Promise<WaitingWebhooks> {
  const { rows } = await pool.query<WaitingWebhooks>({
    name: 'waiting-webhooks',
    text: `select
      coalesce((select extract(epoch from clock_timestamp() - min(due_at)) from webhook_lanes
        where not is_slow and due_at <= clock_timestamp()), 0)::float8 as "waitingSeconds",
      (select count(*)::int from webhooks where failing_since is not null and off_at is null and deleted_at is null) as failing`,
  });
  return rows[0] ?? { waitingSeconds: 0, failing: 0 };
}
