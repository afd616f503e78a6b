import { type Claim, ClaimList, WorkspacePage } from '@fechatter/contract';
import { columnObject, memberUserColumns, memberUserOf, type MemberUserRow } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { NIL } from 'uuid';
import { z } from 'zod';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { pagesOf } from '../page-cursor.ts';
import { canClaim } from './claimable.ts';

interface ClaimRow {
  readonly id: string;
  readonly placeholder: MemberUserRow;
  readonly claimant: MemberUserRow | null;
  readonly claimed_at: Date | null;
}

const pages = pagesOf('claims', z.uuid(), (row: ClaimRow) => row.id);

const person = (id: string): string => `(select ${columnObject(memberUserColumns)} from users u where u.id = ${id})`;

// A claim whose person has lost the address since is none.
const claimsSql = `
  with scope as materialized (
    select workspace_id, role from live_workspace_members where workspace_id = $1 and user_id = $2),
  open as (
    (select p.user_id from scope join users u on u.id = $2
     join placeholders p on p.workspace_id = scope.workspace_id and lower(p.email collate "C") = lower(u.email collate "C")
     where p.confirmed_at is null and p.user_id > $3 and ${canClaim} order by 1 limit $4)
    union
    (select p.user_id from scope
     join placeholders p on p.workspace_id = scope.workspace_id and p.claimed_by is not null and p.confirmed_at is null
     join users u on u.id = p.claimed_by
     where scope.role = 'Owner' and p.user_id > $3 and ${canClaim} order by 1 limit $4))
  select c.* from scope left join lateral (
    select p.user_id as id, ${person('p.user_id')} as placeholder, ${person('now.id')} as claimant,
      case when now.id is not null then p.claimed_at end as claimed_at
    from open join placeholders p on p.user_id = open.user_id
    left join lateral (select u.id from users u where u.id = p.claimed_by and ${canClaim}) now on true
    order by p.user_id limit $4) c on true
  order by c.id`;

export const claims = inWorkspace('workspace.claim', 'read')
  .input(WorkspacePage)
  .output(ClaimList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/workspaces/{workspace_id}/claims',
      summary: 'List the placeholders that can be claimed',
      description:
        'Placeholders of imports whose source gives the address that you have verified, claimed or not; for Owners also ' +
        'those that others have claimed. Not those whose claim was confirmed.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'invalid_cursor'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { workspaceId, limit, cursor } }) => {
    const { rows } = await deps.db.pool.query<ClaimRow | { id: null }>({
      name: 'workspace-claims',
      text: claimsSql,
      values: [workspaceId, principal.userId, pages.place(cursor) ?? NIL, pages.rowsOf(limit)],
    });
    if (rows.length === 0) throw refuse('workspace_not_found');
    const { page, nextCursor } = pages.cut(
      rows.filter((row) => row.id !== null),
      limit,
    );
    return { claims: page.map(claimOf), nextCursor };
  });

const claimOf = ({ placeholder, claimant, claimed_at: claimedAt }: ClaimRow): Claim => ({
  placeholder: memberUserOf(placeholder),
  claimant: claimant && memberUserOf(claimant),
  claimedAt,
});
