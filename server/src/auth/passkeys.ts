import { limits, type Passkey, PasskeyList } from '@fechatter/contract';
import { authed } from '../procedures.ts';

export const passkeys = authed('read')
  .meta({
    openapi: {
      method: 'GET',
      path: '/auth/passkeys',
      summary: 'List your passkeys',
      description: 'All of them, oldest first.',
      tags: ['auth'],
    },
  })
  .output(PasskeyList)
  .query(async ({ ctx }) => {
    const { rows } = await ctx.deps.db.pool.query<Passkey>(
      `select id, name, is_synced as "isSynced", created_at as "createdAt", last_used_at as "lastUsedAt"
       from passkeys where user_id = $1 order by id limit ${limits.passkeysMax}`,
      [ctx.principal.userId],
    );
    return { passkeys: rows };
  });
