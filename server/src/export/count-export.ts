import type { AuthedContext } from '../context.ts';

/** Counts the beginning of an export: it is a heavy call, and limited per hour. Its further pages count as reads. */
export async function countExport(ctx: AuthedContext): Promise<void> {
  ctx.deps.budgets.take(ctx, 'heavy');
  await ctx.deps.limits.take(ctx, 'export', ctx.principal.userId);
}
