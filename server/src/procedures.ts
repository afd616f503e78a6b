import type { Permission } from '@fechatter/contract';
import { isUnavailable } from '@fechatter/drizzle';
import { observeCall, type OpenApiMeta, trpcOptions } from '@fechatter/service-kit';
import { initTRPC } from '@trpc/server';
import { authenticate } from './access/principal.ts';
import type { AuthedContext, Context } from './context.ts';

/** What REST, the explorer and the panel are made from; every procedure has it. Paths are below `/api`. */
export interface Meta {
  readonly openapi: OpenApiMeta;
  /** What its callers need, for the documentation: set by the procedure that it is built on. */
  readonly permission?: Permission;
}

const t = initTRPC.context<Context>().meta<Meta>().create(trpcOptions({ isUnavailable }));

export const { router } = t;

/** For anyone. */
export const open = t.procedure.use(({ ctx: { deps, requestId }, path, next }) =>
  observeCall({ metrics: deps.metrics, path, requestId, isUnavailable }, () => next()),
);

/** For a signed-in person whose session still lives. */
export const authed = open.use(async ({ ctx, next }) => {
  const authedContext: AuthedContext = { ...ctx, principal: await authenticate(ctx) };
  return next({ ctx: authedContext });
});

/** The same, with the permission in its meta. tRPC merges what the procedure itself adds: that all of it is there is judged then. */
export const withPermission = (base: typeof authed, permission: Permission): typeof authed =>
  base.meta({ permission } as Meta);
