import { BotRef, NewApiKey } from '@fechatter/contract';
import { eq, schema } from '@fechatter/drizzle';
import { mustBeActive } from '../access/must-be-active.ts';
import { revokeSessions } from '../auth/revoke-sessions.ts';
import { ofBot } from './authorize-bot.ts';
import { changeBot } from './change-bot.ts';
import { insertKey } from './new-key.ts';

export const rotateKey = ofBot('heavy')
  .input(BotRef)
  .output(NewApiKey)
  .meta({
    openapi: {
      method: 'POST',
      path: '/bots/{bot_id}/key',
      successStatus: 201,
      summary: 'Replace the key of a bot',
      description:
        'For Admins and Owners of its workspace. The new key is shown only once, in this response. The one before ends, on ' +
        'all servers within two seconds, and so do its streams. A bot that the operator suspended gets no new key.',
      tags: ['bot'],
      refusals: ['bot_not_found', 'role_too_low', 'account_suspended'],
    },
  })
  .mutation(async ({ ctx, input: { botId } }) => {
    const { apiKey, ended } = await changeBot(ctx, botId, async (tx, { change, workspaceId }) => {
      await mustBeActive(tx, ctx.principal.userId);
      await mustBeActive(tx, botId, 'account_suspended');
      const { apiKey, ...key } = await insertKey(tx, botId);
      const ended = await revokeSessions(change, botId, { allBut: key.sessionId });
      await tx.update(schema.bots).set(key).where(eq(schema.bots.userId, botId));
      change.note('bot.keyRotated', { workspaceId, userId: botId, details: { sessionId: key.sessionId } });
      return { apiKey, ended };
    });
    ctx.deps.revoked.add(ended);
    return { apiKey };
  });
