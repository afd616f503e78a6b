import type { PushKind } from '@fechatter/contract';
import type { Queryable } from './log/read.ts';

/** So many people must be affected, or everybody. */
const PEOPLE_MIN = 3;
const SHARE_MIN = 4;

/** A kind of pushes whose key the push services refuse, and for how many subscriptions. */
export interface RefusedPushKey {
  readonly kind: PushKind;
  readonly subscriptions: number;
}

/**
 * The kinds of pushes whose key is refused (401 or 403) for a quarter of the people with subscriptions of the kind, and three at
 * least if there are so many: anybody can subscribe with an address that refuses every key.
 */
export async function refusedPushKeys(db: Queryable): Promise<readonly RefusedPushKey[]> {
  const { rows } = await db.query<RefusedPushKey>(
    `with refusing as materialized (
       select kind, count(*)::int as subscriptions, count(distinct user_id)::int as people
       from push_subscriptions where failing_since is not null and failure in ('401', '403') group by kind)
     select r.kind, r.subscriptions from refusing r
     cross join lateral (
       -- Counts no further than the comparison needs.
       select count(*)::int as people from (
         select distinct s.user_id from push_subscriptions s where s.kind = r.kind limit r.people * $2 + 1) x) p
     where r.people >= least($1, p.people) and r.people * $2 >= p.people
     order by r.kind`,
    [PEOPLE_MIN, SHARE_MIN],
  );
  return rows;
}
