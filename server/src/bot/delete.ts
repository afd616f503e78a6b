import { BotRef } from '@fechatter/contract';
import { z } from 'zod';
import { endMembershipOrBot } from '../membership/end-bots.ts';
import { ofBot } from './authorize-bot.ts';
import { changeBot } from './change-bot.ts';

export const deleteBot = ofBot('heavy')
  .input(BotRef)
  .output(z.void())
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/bots/{bot_id}',
      successStatus: 204,
      summary: 'Delete a bot',
      description:
        'For Admins and Owners of its workspace. It leaves the workspace and all chats, and its key ends: within two ' +
        'seconds it neither hears nor does anything any more. What it wrote stays. Removing it from the workspace does the same.',
      tags: ['bot'],
      refusals: ['bot_not_found', 'role_too_low'],
    },
  })
  .mutation(({ ctx, input: { botId } }) =>
    changeBot(ctx, botId, (_, { change, workspaceId }) => endMembershipOrBot(change, workspaceId, botId)),
  );
