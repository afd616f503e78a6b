import { IdentityList } from '@fechatter/contract';
import { authed } from '../procedures.ts';
import { identitiesOf } from './identities-of.ts';

export const identities = authed('read')
  .meta({
    openapi: {
      method: 'GET',
      path: '/auth/identities',
      summary: 'List what else signs you in',
      description: 'Providers and other apps that lead to your account, oldest first: at most 20.',
      tags: ['auth'],
      refusals: [],
    },
  })
  .output(IdentityList)
  .query(async ({ ctx }) => ({ identities: await identitiesOf(ctx.deps, ctx.principal.userId) }));
