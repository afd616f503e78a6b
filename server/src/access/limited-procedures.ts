import type { Cost } from '../limits/budgets.ts';
import type { LimitName } from '../limits/limit-table.ts';
import { authed, open } from '../procedures.ts';

// `RateLimit-*` stands on every answer of a limited procedure: also where the input was refused before anything was
// counted. That the limit cannot be told is no reason to refuse what is otherwise answered.

/** For anyone, limited by the caller's address. */
export const limitedOpen = (name: LimitName) =>
  open.use(async ({ ctx, next }) => {
    const result = await next();
    if (!ctx.answerHeaders.has('RateLimit-Limit')) await ctx.deps.limits.show(ctx, name).catch(() => {});
    return result;
  });

/** For a signed-in person, limited by who they are, beside the budget that the call is taken from. */
export const limitedAuthed = (name: LimitName, cost: Cost) =>
  authed(cost).use(async ({ ctx, next }) => {
    const result = await next();
    if (!ctx.answerHeaders.has('RateLimit-Limit'))
      await ctx.deps.limits.show(ctx, name, ctx.principal.userId).catch(() => {});
    return result;
  });
