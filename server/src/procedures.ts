import { isUnavailable } from '@fechatter/drizzle';
import { bearerOf, observeCall, type OpenApiMeta, refuse, trpcOptions } from '@fechatter/service-kit';
import { initTRPC } from '@trpc/server';
import type { AuthedContext, Context } from './context.ts';

/** What REST, the explorer and the panel are made from; every procedure has it. Paths are below `/api`. */
export interface Meta {
  readonly openapi: OpenApiMeta;
}

const t = initTRPC.context<Context>().meta<Meta>().create(trpcOptions({ isUnavailable }));

export const { router } = t;

/** For anyone. */
export const open = t.procedure.use(({ ctx: { deps, requestId }, path, next }) =>
  observeCall({ metrics: deps.metrics, path, requestId, isUnavailable }, () => next()),
);

/** For a signed-in person whose session still lives. */
export const authed = open.use(async ({ ctx, next }) => {
  const token = bearerOf(ctx.authorization);
  if (token === undefined) throw refuse(ctx.authorization === undefined ? 'not_signed_in' : 'token_invalid');
  const { userId, sessionId } = await ctx.deps.tokens.verify(token);
  if (await ctx.deps.revoked.has(sessionId)) throw refuse('session_revoked');
  const authedContext: AuthedContext = { ...ctx, user: { id: userId, sessionId } };
  return next({ ctx: authedContext });
});
