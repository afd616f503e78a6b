import type { Principal } from '@fechatter/service-kit';
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

/** For a signed-in person, limited by who they are or by `keyOf`, beside the budget that the call is taken from. */
export const limitedAuthed = (name: LimitName, cost: Cost, keyOf = ({ userId }: Principal): string => userId) =>
  authed(cost).use(async ({ ctx, next }) => {
    const result = await next();
    if (!ctx.answerHeaders.has('RateLimit-Limit'))
      await ctx.deps.limits.show(ctx, name, keyOf(ctx.principal)).catch(() => {});
    return result;
  });

/** For a signed-in person who gives their password once more: limited by their session. */
export const reauthenticated = limitedAuthed('passwordChange', 'auth', ({ credential }) => credential.sessionId);
