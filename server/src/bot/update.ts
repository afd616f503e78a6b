import { Bot, BotUpdate } from '@fechatter/contract';
import { eq, schema, sql } from '@fechatter/drizzle';
import { changeProfile } from '../change/change-profile.ts';
import { authorizeBot, ofBot } from './authorize-bot.ts';
import { grantableScopes } from './grantable-scopes.ts';
import { readBot } from './read-bot.ts';

export const update = ofBot('write')
  .input(BotUpdate)
  .output(Bot)
  .meta({
    openapi: {
      method: 'PATCH',
      path: '/bots/{bot_id}',
      summary: 'Change a bot',
      description:
        'For Admins and Owners of its workspace. A missing key leaves its value unchanged; `avatar_url: null` removes the ' +
        'picture. New scopes are cut to what you may do yourself. They hold for calls within a minute, and end streams that ' +
        'they do not allow within two seconds; replace the key if all must be at once.',
      tags: ['bot'],
      refusals: ['bot_not_found', 'role_too_low'],
    },
  })
  .mutation(({ ctx, input: { botId, name, avatarUrl, scopes } }) =>
    changeProfile(ctx, botId, async ({ tx, change, announce }) => {
      const { workspaceId, role } = await authorizeBot(tx, ctx.principal.userId, botId);
      const before = await readBot(tx, botId);
      const profile = {
        fullName: name ?? before.name,
        avatarUrl: avatarUrl === undefined ? before.avatarUrl : avatarUrl,
      };
      const given = scopes && [...grantableScopes(scopes, role)];
      const hasNewScopes = given !== undefined && given.join() !== before.scopes.join();
      const hasNewProfile = profile.fullName !== before.name || profile.avatarUrl !== before.avatarUrl;
      if (!hasNewProfile && !hasNewScopes) return before;
      if (hasNewScopes) await tx.update(schema.bots).set({ scopes: given }).where(eq(schema.bots.userId, botId));
      if (hasNewProfile) {
        const set = { ...profile, updatedAt: sql`now()` };
        await tx.update(schema.users).set(set).where(eq(schema.users.id, botId));
        await announce();
      }
      change.note('bot.updated', { workspaceId, userId: botId });
      return readBot(tx, botId);
    }),
  );
