import { IncomingWebhookCreate, NewIncomingWebhook } from '@fechatter/contract';
import { incomingWebhookColumns, incomingWebhookOf, type IncomingWebhookRow, sql, type Tx } from '@fechatter/drizzle';
import { hashOfToken, refuse } from '@fechatter/service-kit';
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { authorizeChat } from '../access/authorize-chat.ts';
import { mustBeActive } from '../access/must-be-active.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { makeChange } from '../change/change.ts';
import { hashOfNothing } from '../identity/hash-of-nothing.ts';
import { checkIncomingWebhooks } from '../limits/quotas.ts';
import { openMemberships } from '../membership/chat-memberships.ts';
import { beginMemberships } from '../membership/set-workspace-members.ts';

const SECRET_BYTES = 32;

export const create = inChat('chat.manageWebhooks', 'heavy')
  .input(IncomingWebhookCreate)
  .output(NewIncomingWebhook)
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats/{chat_id}/incoming-webhooks',
      successStatus: 201,
      summary: 'Create an incoming webhook',
      description:
        'For Admins and Owners of the chat. Programs that send messages to Slack can then post into this chat. The webhook sends as a bot of ' +
        'its own with this name, which becomes a member of the workspace and of the chat. `url` contains a secret and is shown only ' +
        'once, in this response. A chat has at most 10, and a workspace 100.',
      tags: ['incomingWebhook'],
      refusals: [
        'chat_not_found',
        'not_a_member',
        'role_too_low',
        'single_chat_fixed',
        'chat_archived',
        'quota_exceeded',
      ],
    },
  })
  .mutation(({ ctx, input: { chatId, name, avatarUrl = null } }) =>
    makeChange(ctx, async (change) => {
      const { tx } = change;
      const createdBy = ctx.principal.userId;
      const workspaceId = await workspaceOf(tx, chatId);
      await change.lockWorkspaces([workspaceId]);
      await change.lockChats([chatId]);
      await authorizeChat(tx, createdBy, chatId, 'chat.manageWebhooks');
      await authorizeChat(tx, createdBy, chatId, 'chat.addMembers');
      await mustBeActive(tx, createdBy);
      await checkIncomingWebhooks(tx, workspaceId, chatId);
      const [webhookId, userId] = [uuidv7(), uuidv7()];
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      await tx.execute(sql`
        insert into users (id, kind, holds_email, full_name, avatar_url, password_hash)
        values (${userId}, 'Bot', false, ${name}, ${avatarUrl}, ${hashOfNothing()})`);
      await tx.execute(sql`
        insert into incoming_webhooks (id, workspace_id, chat_id, user_id, created_by, secret_hash)
        values (${webhookId}, ${workspaceId}, ${chatId}, ${userId}, ${createdBy}, ${hashOfToken(secret)})`);
      await beginMemberships(change, workspaceId, [[userId, 'Member']]);
      await openMemberships(change, chatId, [userId]);
      change.note('incomingWebhook.created', { workspaceId, userId, details: { chatId, webhookId } });
      const { rows } = await tx.execute<IncomingWebhookRow>(sql`
        select ${sql.raw(incomingWebhookColumns)} from incoming_webhooks i join users u on u.id = i.user_id
        where i.id = ${webhookId}`);
      if (rows[0] === undefined) throw new Error('it was just inserted');
      const url = `${ctx.deps.config.server.publicUrl}/hooks/${webhookId}/${secret}`;
      return { incomingWebhook: incomingWebhookOf(rows[0]), url };
    }),
  );

/** It never changes, so it may be read before the lock. */
async function workspaceOf(tx: Tx, chatId: string): Promise<string> {
  const { rows } = await tx.execute<{ workspace_id: string }>(
    sql`select workspace_id from chat_heads where chat_id = ${chatId}`,
  );
  if (rows[0] === undefined) throw refuse('chat_not_found');
  return rows[0].workspace_id;
}
