import { OidcBegin, OidcBegun } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { limitedOpen } from '../access/limited-procedures.ts';
import { beginFlow } from './oidc-flow.ts';

export const oidcBegin = limitedOpen('oidc')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/oidc/begin',
      successStatus: 200,
      summary: 'Begin a sign-in at a provider',
      description:
        'Returns where to send the person. The provider sends them back to one page, which the operator has set, with ' +
        '`state`, `code` and perhaps `iss`. Finish with these and the `secret`, within ten minutes: with ' +
        '`auth.oidcFinish` to sign in, or with `auth.link` to add it to the account that is signed in. State, nonce and ' +
        'PKCE verifier stay on the server. Limited to 60 a minute per IP address.',
      tags: ['auth'],
      refusals: ['provider_not_found', 'issuer_unavailable', 'rate_limited'],
      isProtected: false,
    },
  })
  .input(OidcBegin)
  .output(OidcBegun)
  .mutation(async ({ ctx, input }) => {
    await ctx.deps.limits.take(ctx, 'oidc');
    const provider = ctx.deps.providers.list.find(({ id }) => id === input.provider);
    if (provider === undefined) throw refuse('provider_not_found');
    return beginFlow(ctx.deps, provider);
  });
