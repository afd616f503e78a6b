import type { ServiceScope } from '@fechatter/contract';
import { bearerOf, isMeantAsKey, refuse, setRateLimitHeaders } from '@fechatter/service-kit';
import type { Context, ServiceContext } from '../context.ts';
import type { ServiceKey } from '../identity/service-keys.ts';
import { open } from '../procedures.ts';

/** For the servers of other apps, with a key that has this scope. To everyone else there is nothing. */
export const withServiceKey = (scope: ServiceScope) =>
  open.use(async ({ ctx, next }) => {
    const serviceKey = await authenticateKey(ctx);
    if (!serviceKey.scopes.includes(scope)) throw refuse('scope_missing');
    spend(ctx, serviceKey);
    const serviceContext: ServiceContext = { ...ctx, serviceKey };
    return next({ ctx: serviceContext });
  });

async function authenticateKey(ctx: Context): Promise<ServiceKey> {
  const token = bearerOf(ctx.authorization);
  if (!isMeantAsKey('fcs', token)) throw refuse('route_not_found');
  const key = await ctx.deps.serviceKeys.find(token, ctx.address);
  if (key !== undefined) return key;
  throw refuse('token_invalid', {
    message: 'This service key does not exist, was revoked, or is for an issuer of auth.providers.',
  });
}

function spend({ responseHeaders, deps }: Context, key: ServiceKey): void {
  const spent = deps.serviceKeys.spend(key);
  if (spent === undefined) return;
  const { max, left = 0, overMs } = spent;
  setRateLimitHeaders(responseHeaders, { max, left, resetMs: spent.resetMs ?? 60_000 });
  if (overMs !== undefined) throw refuse('rate_limited', { retryAfterMs: Math.max(1, Math.ceil(overMs)) });
}
