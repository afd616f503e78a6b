import type { Permission } from '@fechatter/contract';
import { isUnavailable } from '@fechatter/drizzle';
import { mustHaveScope, observeCall, type OpenApiMeta, trpcOptions } from '@fechatter/service-kit';
import { initTRPC } from '@trpc/server';
import { authenticate } from './access/principal.ts';
import type { AuthedContext, Context } from './context.ts';
import type { Cost } from './limits/budgets.ts';

/** The source of REST, the explorer and the panel; every procedure has it. Paths are below `/api`. */
export interface Meta {
  readonly openapi: OpenApiMeta;
  /** The permission that its callers need, for the documentation: set by the base procedure. */
  readonly permission?: Permission;
  /**
   * The permission that a bot's key needs, where the procedure has none or a wider one. If there is neither, no bot may call
   * it.
   */
  readonly keyPermission?: Permission;
  /** The budget of a call: set by the base procedure. */
  readonly cost?: Cost;
}

const t = initTRPC.context<Context>().meta<Meta>().create(trpcOptions({ isUnavailable }));

export const { router } = t;

/** For anyone. */
export const open = t.procedure.use(({ ctx: { deps, requestId, batch }, path, next }) => {
  const call = () => observeCall({ metrics: deps.metrics, path, requestId, isUnavailable }, () => next());
  return batch === undefined ? call() : batch(call);
});

/**
 * For a signed-in person whose session is valid and whose budget for the call is not used up, and for a bot whose key has
 * the scope. tRPC merges this meta
 * with the procedure's own; whether it is complete is checked when the routes are made.
 */
export const authed = (cost: Cost) =>
  open.meta({ cost } as Meta).use(async ({ ctx, meta, type, next }) => {
    const authedContext: AuthedContext = { principal: await authenticate(ctx), ...ctx };
    mustHaveScope(authedContext.principal, meta?.keyPermission ?? meta?.permission);
    ctx.deps.budgets.take(authedContext, cost);
    if (type !== 'mutation') return next({ ctx: authedContext });
    try {
      return await next({ ctx: authedContext });
    } finally {
      // Also after an error: the change may have been committed.
      ctx.deps.remembered.drops.drop(authedContext.principal.userId);
    }
  });
export type Authed = ReturnType<typeof authed>;

/** The same, with the permission in its meta. */
export const withPermission = (base: Authed, permission: Permission): Authed => base.meta({ permission } as Meta);
