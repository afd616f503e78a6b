import { refuse, setRateLimitHeaders } from '@fechatter/service-kit';
import type { Context } from './trpc.ts';

/** Takes one call from the person's budget in this process. Throws rate_limited if it is used up, and sets the headers. */
export function takeFromBudget(
  { budgets, responseHeaders }: Pick<Context, 'budgets' | 'responseHeaders'>,
  cost: keyof Context['budgets'],
  userId: string,
): void {
  const budget = budgets[cost];
  if (budget.perMinute === 0) return;
  const { left = 0, resetMs = 60_000, overMs } = budget.take(userId);
  setRateLimitHeaders(responseHeaders, { max: budget.perMinute, left, resetMs });
  if (overMs !== undefined) throw refuse('rate_limited', { retryAfterMs: Math.max(1, Math.ceil(overMs)) });
}
