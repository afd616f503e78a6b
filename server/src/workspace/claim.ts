import { ClaimRef } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { changeWorkspace } from '../change/change-workspace.ts';
import { canClaim } from './claimable.ts';

export const claim = inWorkspace('workspace.claim', 'write')
  .input(ClaimRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'POST',
      path: '/workspaces/{workspace_id}/claims',
      successStatus: 204,
      summary: 'Claim a placeholder of an import',
      description:
        'For the person who has verified the address that the source gives. An Owner confirms it. Claiming again is no ' +
        'error. What is no placeholder, has another address or is taken is refused alike.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'claim_not_found'],
    },
  })
  .mutation(({ ctx, input: { workspaceId, userId } }) =>
    changeWorkspace(ctx, workspaceId, 'workspace.claim', async (tx, { change }) => {
      const { rows } = await tx.execute<{ before: string | null }>(sql`
        select p.claimed_by as before from placeholders p join users u on u.id = ${ctx.principal.userId}
        where p.user_id = ${userId} and p.workspace_id = ${workspaceId} and p.confirmed_at is null and ${sql.raw(canClaim)}`);
      const [found] = rows;
      if (found === undefined) throw refuse('claim_not_found');
      if (found.before === ctx.principal.userId) return;
      // An account that claimed it before has lost the address: one account holds an address.
      await tx.execute(sql`
        update placeholders set claimed_by = ${ctx.principal.userId}, claimed_at = clock_timestamp() where user_id = ${userId}`);
      change.note('placeholder.claimed', {
        workspaceId,
        userId: ctx.principal.userId,
        details: { placeholderId: userId },
      });
    }),
  );
