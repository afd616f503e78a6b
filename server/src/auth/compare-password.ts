import type { Context } from '../context.ts';

/**
 * Compares a password of the account with this key, at most 100 wrong ones an hour. Only a comparison that was made and
 * failed counts: not one that a busy hasher refused, nor one that an error kept from being made. Counted before it is
 * known to be wrong, so that guesses at the same time do not all pass.
 */
export async function comparePassword(ctx: Context, key: string, compare: () => Promise<boolean>): Promise<boolean> {
  const { limits, log } = ctx.deps;
  await limits.take(ctx, 'wrongPassword', key);
  let isWrong = false;
  try {
    isWrong = !(await compare());
    return !isWrong;
  } finally {
    if (!isWrong)
      await limits
        .giveBack('wrongPassword', key)
        .catch((err: unknown) => log.warn({ err }, 'an attempt stays counted as a wrong password'));
  }
}
