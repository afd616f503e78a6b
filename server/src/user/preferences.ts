import { Preferences } from '@fechatter/contract';
import { authed } from '../procedures.ts';
import { readPreferences } from './read-preferences.ts';

export const preferences = authed('read')
  .meta({
    openapi: {
      method: 'GET',
      path: '/users/me/preferences',
      summary: 'Read your preferences',
      description: 'Your preferences, which apply to all of your devices, and the people whom you block.',
      tags: ['user'],
    },
  })
  .output(Preferences)
  .query(({ ctx }) => readPreferences(ctx.deps.db.pool, ctx.principal.userId));
