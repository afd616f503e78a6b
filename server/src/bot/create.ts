import { BotCreate, NewBot } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { v7 as uuidv7 } from 'uuid';
import { mustBeActive } from '../access/must-be-active.ts';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { changeWorkspace } from '../change/change-workspace.ts';
import { hashOfNothing } from '../identity/hash-of-nothing.ts';
import { checkBots } from '../limits/quotas.ts';
import { beginMemberships } from '../membership/set-workspace-members.ts';
import { grantableScopes } from './grantable-scopes.ts';
import { insertKey } from './new-key.ts';
import { readBot } from './read-bot.ts';

export const create = inWorkspace('bot.manage', 'heavy')
  .input(BotCreate)
  .output(NewBot)
  .meta({
    openapi: {
      method: 'POST',
      path: '/workspaces/{workspace_id}/bots',
      successStatus: 201,
      summary: 'Create a bot',
      description:
        'For Admins and Owners. The bot is a Member of the workspace at once, and of no chat: add it to chats like a ' +
        'person. Its key is shown only once, in this response; send it as `Authorization: Bearer fck_…`. `scopes` are ' +
        'cut to what you may do yourself. A workspace has at most 100 bots, and creates at most 200 a day.',
      tags: ['bot'],
      refusals: ['workspace_not_found', 'role_too_low', 'quota_exceeded'],
    },
  })
  .mutation(({ ctx, input: { workspaceId, name, avatarUrl = null, scopes } }) =>
    changeWorkspace(ctx, workspaceId, 'bot.manage', async (tx, { role, change }) => {
      const createdBy = ctx.principal.userId;
      await mustBeActive(tx, createdBy);
      await checkBots(tx, workspaceId);
      const botId = uuidv7();
      await tx.execute(sql`
        insert into users (id, kind, holds_email, full_name, avatar_url, password_hash)
        values (${botId}, 'Bot', false, ${name}, ${avatarUrl}, ${hashOfNothing()})`);
      const { apiKey, sessionId, tokenHash } = await insertKey(tx, botId);
      await tx.execute(sql`
        insert into bots (user_id, workspace_id, created_by, scopes, session_id, token_hash)
        values (${botId}, ${workspaceId}, ${createdBy}, ${sql.param([...grantableScopes(scopes, role)])}::text[], ${sessionId},
          ${tokenHash})`);
      await beginMemberships(change, workspaceId, [[botId, 'Member']]);
      change.note('bot.created', { workspaceId, userId: botId, details: { sessionId } });
      return { bot: await readBot(tx, botId), apiKey };
    }),
  );
