import type { Principal } from '@fechatter/service-kit';
import type { Cost } from '../limits/budgets.ts';
import type { LimitName } from '../limits/limit-table.ts';
import { authed, open } from '../procedures.ts';

// Every response of a limited procedure has `RateLimit-*`, even if the input was refused before anything was counted.
// If the limit cannot be read, the call is not refused for that.

/** For anyone, limited by the caller's address. */
export const limitedOpen = (name: LimitName) =>
  open.use(async ({ ctx, next }) => {
    const result = await next();
    if (!ctx.responseHeaders.has('RateLimit-Limit')) await ctx.deps.limits.show(ctx, name).catch(() => {});
    return result;
  });

/** For a signed-in person, limited by their id or by `keyOf`, in addition to the budget of the call. */
export const limitedAuthed = (name: LimitName, cost: Cost, keyOf = ({ userId }: Principal): string => userId) =>
  authed(cost).use(async ({ ctx, next }) => {
    const result = await next();
    if (!ctx.responseHeaders.has('RateLimit-Limit'))
      await ctx.deps.limits.show(ctx, name, keyOf(ctx.principal)).catch(() => {});
    return result;
  });

/** For a signed-in person who gives their password again; limited by session. */
export const reauthenticated = limitedAuthed('passwordChange', 'auth', ({ credential }) => credential.sessionId);
