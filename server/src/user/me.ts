import { Me } from '@fechatter/contract';
import { authed } from '../procedures.ts';
import { readMe } from './read-me.ts';

export const me = authed('read')
  .meta({
    keyPermission: 'workspace.read',
    openapi: {
      method: 'GET',
      path: '/users/me',
      summary: 'Read your account',
      description: 'Your own account, including its e-mail address.',
      tags: ['user'],
    },
  })
  .output(Me)
  .query(({ ctx }) => readMe(ctx.deps.db.tables, ctx.principal.userId));
