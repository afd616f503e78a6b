import { type Database, type RefusedPushKey, refusedPushKeys } from '@fechatter/drizzle';

/** Pushes that wait: how many, how long the oldest one that is due has waited, and the keys that are refused. */
export interface WaitingPushes {
  readonly waiting: number;
  readonly dueSeconds: number;
  /** By kind, if these are many. */
  readonly refusedKeys: readonly RefusedPushKey[];
}

export async function waitingPushes({ pool }: Database): Promise<WaitingPushes> {
  const [{ rows }, refusedKeys] = await Promise.all([
    pool.query<Omit<WaitingPushes, 'unauthorised'>>(
      `select count(*)::int as waiting,
         coalesce(greatest(0, extract(epoch from clock_timestamp() - min(due_at))), 0)::float8 as "dueSeconds"
       from push_pending`,
    ),
    refusedPushKeys(pool),
  ]);
  const [{ waiting, dueSeconds } = { waiting: 0, dueSeconds: 0 }] = rows;
  return { waiting, dueSeconds, refusedKeys };
}
