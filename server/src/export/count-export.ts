import type { AuthedContext } from '../context.ts';

/** Counts an export that begins: it is a heavy call, and one of so many an hour. Its further pages are reads. */
export async function countExport(ctx: AuthedContext): Promise<void> {
  ctx.deps.budgets.take(ctx, 'heavy');
  await ctx.deps.limits.take(ctx, 'export', ctx.principal.userId);
}
