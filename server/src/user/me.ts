import { Me } from '@fechatter/contract';
import { authed } from '../procedures.ts';
import { meOf } from './me-row.ts';

export const me = authed
  .meta({
    openapi: {
      method: 'GET',
      path: '/users/me',
      summary: 'Get yourself',
      description: 'Your own account, with its e-mail address.',
      tags: ['user'],
    },
  })
  .output(Me)
  .query(({ ctx }) => meOf(ctx.deps.db.tables, ctx.user.id));
