import { ActivitySet } from '@fechatter/contract';
import { z } from 'zod';
import { authed } from '../procedures.ts';

export const setActivity = authed('signal')
  .meta({
    openapi: {
      method: 'POST',
      path: '/users/me/activity',
      successStatus: 204,
      summary: 'Report that you are active',
      description:
        'On this device. Repeat it every minute or so while you are active: you are `idle` 5 minutes after the last report ' +
        'on any device. `is_active: false` ends it on this device at once. Connecting while offline counts as being ' +
        'active.',
      tags: ['user'],
    },
  })
  .input(ActivitySet)
  .output(z.void())
  .mutation(async ({ ctx: { deps, principal }, input: { isActive } }) => {
    const { userId, credential } = principal;
    const { rows } = await deps.db.pool.query<{ has_changed: boolean }>({
      name: 'user-set-activity',
      text: 'select presence_set_activity($1, $2, $3) as has_changed',
      values: [userId, credential.sessionId, isActive],
    });
    if (rows[0]?.has_changed === true) deps.signals.hint({ kind: 'presence.changed', userId });
  });
