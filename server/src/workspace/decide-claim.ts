import { ClaimDecision } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { announcePerson } from '../change/announce-person.ts';
import { copyProfile } from '../change/change-profile.ts';
import { changeWorkspace } from '../change/change-workspace.ts';
import { canClaim } from './claimable.ts';

export const decideClaim = inWorkspace('workspace.decideClaim', 'write')
  .input(ClaimDecision)
  .output(z.void())
  .meta({
    openapi: {
      method: 'POST',
      path: '/workspaces/{workspace_id}/claims/{user_id}',
      successStatus: 204,
      summary: 'Confirm or refuse a claim',
      description:
        'For Owners. What the placeholder wrote is then shown with the name and picture of the claimant, who may edit and ' +
        'delete it, and who becomes a member of the chats that the placeholder was in, within minutes. That cannot be ' +
        'undone. A claim that was refused can be made again.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'role_too_low', 'claim_not_found'],
    },
  })
  .mutation(({ ctx, input: { workspaceId, userId, claimantId, isConfirmed } }) =>
    changeWorkspace(ctx, workspaceId, 'workspace.decideClaim', async (tx, { change }) => {
      // A transaction that renames or erases the claimant, or proves their address, waits.
      await tx.execute(sql`select from users where id in (${userId}, ${claimantId}) order by id for update`);
      const { rows } = await tx.execute(sql`
        select from placeholders p join users u on u.id = p.claimed_by
        where p.user_id = ${userId} and p.workspace_id = ${workspaceId} and p.claimed_by = ${claimantId}
          and p.confirmed_at is null and ${sql.raw(canClaim)}`);
      if (rows.length === 0) throw refuse('claim_not_found');
      const details = { placeholderId: userId };
      if (!isConfirmed) {
        await tx.execute(sql`update placeholders set claimed_by = null, claimed_at = null where user_id = ${userId}`);
        change.note('placeholder.refused', { workspaceId, userId: claimantId, details });
        return;
      }
      await give(tx, workspaceId, userId, claimantId);
      await announcePerson(change, [workspaceId], 'user.updated', { subjectId: userId });
      change.note('placeholder.confirmed', { workspaceId, userId: claimantId, details });
    }),
  );

async function give(tx: Tx, workspaceId: string, placeholderId: string, accountId: string): Promise<void> {
  await tx.execute(sql`update users set account_id = ${accountId} where id = ${placeholderId}`);
  await copyProfile(tx, accountId);
  await tx.execute(sql`update placeholders set confirmed_at = clock_timestamp() where user_id = ${placeholderId}`);
  // Later imports into this workspace find the account.
  await tx.execute(sql`
    update import_map set id = ${accountId} where workspace_id = ${workspaceId} and kind = 'Person' and id = ${placeholderId}`);
}
