import type { ServiceScope } from '@fechatter/contract';
import { bearerOf, refuse, tellRateLimit } from '@fechatter/service-kit';
import type { Context, ServiceContext } from '../context.ts';
import { isServiceKey, type ServiceKey } from '../identity/service-keys.ts';
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
  const { limits, serviceKeys } = ctx.deps;
  const token = bearerOf(ctx.authorization);
  if (!isServiceKey(token)) throw refuse('route_not_found');
  const key = await serviceKeys.find(token);
  if (key !== undefined) return key;
  await limits.take(ctx, 'wrongServiceKey');
  throw refuse('token_invalid', { message: 'This service key does not exist, or was revoked.' });
}

function spend({ answerHeaders, deps }: Context, key: ServiceKey): void {
  const spent = deps.serviceKeys.spend(key);
  if (spent === undefined) return;
  const { max, left = 0, overMs } = spent;
  tellRateLimit(answerHeaders, { max, left, resetMs: spent.resetMs ?? 60_000 });
  if (overMs !== undefined) throw refuse('rate_limited', { retryAfterMs: Math.max(1, Math.ceil(overMs)) });
}
