import { IncomingWebhookRef } from '@fechatter/contract';
import { z } from 'zod';
import { makeChange } from '../change/change.ts';
import { endMembershipOrBot } from '../membership/end-bots.ts';
import { authorizeIncoming, ofIncoming } from './authorize-incoming.ts';

export const deleteIncoming = ofIncoming('write')
  .input(IncomingWebhookRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/incoming-webhooks/{webhook_id}',
      successStatus: 204,
      summary: 'Delete an incoming webhook',
      description:
        'For Admins and Owners of its chat. Its address no longer works, and its bot leaves the workspace; what it sent stays.',
      tags: ['incomingWebhook'],
      refusals: ['webhook_not_found', 'role_too_low'],
    },
  })
  .mutation(({ ctx, input: { webhookId } }) =>
    makeChange(ctx, async (change) => {
      const { userId } = ctx.principal;
      const { workspace_id: workspaceId } = await authorizeIncoming(change.tx, userId, webhookId);
      await change.lockWorkspaces([workspaceId]);
      const incoming = await authorizeIncoming(change.tx, userId, webhookId);
      await endMembershipOrBot(change, workspaceId, incoming.user_id);
    }),
  );
