import { ProviderList } from '@fechatter/contract';
import { open } from '../procedures.ts';

export const providers = open
  .meta({
    openapi: {
      method: 'GET',
      path: '/auth/providers',
      summary: 'List the providers with which people can sign in',
      description: 'Those that the operator has set up, in their order. None: people sign in with a password.',
      tags: ['auth'],
      refusals: [],
      isProtected: false,
    },
  })
  .output(ProviderList)
  .query(({ ctx }) => ({ providers: ctx.deps.providers.list.map(({ id, name }) => ({ id, name })) }));
