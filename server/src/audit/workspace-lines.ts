import { MAX } from 'uuid';

/**
 * What a workspace's view shows of a line. Of an action on a person's account it shows who, what and when, but not the
 * address, the session and the request: these are the person's own, because the action was not done in the workspace.
 */
const shownColumns = `a.id, a.action, a.actor_id, a.user_id,
  case when a.action like 'account.%' then '{}' else a.details end as details,
  case when a.action not like 'account.%' then a.address end as address,
  case when a.action not like 'account.%' then a.request_id end as request_id, a.created_at`;

/**
 * Ids begin with the time of the process that created them, periods have the database's; tokens allow a difference of a
 * minute.
 */
const CLOCKS_APART = `interval '1 hour'`;
const idAt = (time: string, rest: '0' | 'f') =>
  `(lpad(to_hex((extract(epoch from ${time}) * 1000)::bigint), 12, '0') || repeat('${rest}', 20))::uuid`;

const orders = {
  'newest first': { behind: '<', direction: 'desc' },
  'oldest first': { behind: '>', direction: 'asc' },
} as const;

/**
 * The lines of the audit log that belong to the workspace of `scope` (a relation with its `id`, of one row or none):
 * its own, and those about the accounts of people for the time in which they were in it. They begin after the id
 * `place`.
 *
 * An account has its lines once, whatever workspaces its person is in. So the people whose lines a page can have are
 * found first, by one look-up per person: if a person's nearest line is not among the first `limit` of all people's,
 * none of theirs is on the page. (Older lines were copied into each workspace: the copies replace the originals.)
 */
export function workspaceLines(order: keyof typeof orders, { scope, place, limit }: Places): string {
  const { behind, direction } = orders[order];
  const accountLines = `
    select a.* from audit_log a
    where a.scope_id = p.user_id and a.id ${behind} ${place} and a.id between p.from_id and p.to_id
      and exists (
        select from workspace_members m where m.user_id = p.user_id and m.workspace_id = p.workspace_id
          and a.created_at >= m.joined_at and (m.left_at is null or a.created_at <= m.left_at))
      and not exists (select from audit_log copy where copy.scope_id = p.workspace_id and copy.id = a.id)
    order by a.id ${direction}`;
  return `
    with people as materialized (
      select m.workspace_id, m.user_id, ${idAt(`min(m.joined_at) - ${CLOCKS_APART}`, '0')} as from_id,
        case when bool_or(m.left_at is null) then '${MAX}'::uuid
          else ${idAt(`max(m.left_at) + ${CLOCKS_APART}`, 'f')} end as to_id
      from ${scope} s join workspace_members m on m.workspace_id = s.id group by m.workspace_id, m.user_id),
    nearest as materialized (
      select p.* from people p cross join lateral (${accountLines} limit 1) a order by a.id ${direction} limit ${limit})
    select ${shownColumns} from (
      (select a.* from ${scope} s join audit_log a on a.scope_id = s.id
        where a.id ${behind} ${place} order by a.id ${direction} limit ${limit})
      union all
      select l.* from nearest p cross join lateral (${accountLines} limit ${limit}) l) a
    order by a.id ${direction} limit ${limit}`;
}

interface Places {
  /** The name of the relation. */
  readonly scope: string;
  /** The parameter of the id after which to begin. */
  readonly place: string;
  /** The parameter with the maximum number of lines. */
  readonly limit: string;
}
