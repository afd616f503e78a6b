import { refuse } from '@fechatter/service-kit';
import { takeFromBudget } from '../take-from-budget.ts';
import { authed } from '../trpc.ts';

/** For people whose session is live, counted in their budget. Bots have no devices. */
export const inSession = (cost: 'read' | 'write') =>
  authed.use(async ({ ctx, next }) => {
    const { userId, credential } = ctx.principal;
    takeFromBudget(ctx, cost, userId);
    if ((await ctx.sessions.read(credential.sessionId)) === undefined) throw refuse('session_revoked');
    return next({ ctx });
  });
