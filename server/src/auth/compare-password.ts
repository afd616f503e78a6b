import { Refusal } from '@fechatter/service-kit';
import type { Context } from '../context.ts';
import type { Account } from './account.ts';
import type { PasswordSource } from './password-source.ts';

/** So many wrong passwords of one account in an hour, from wherever they come, are no forgetful owner's. */
const ATTACK_FROM = 50;

/**
 * Compares a password with the account's; without an account it costs the same. Only a comparison that was made and failed
 * counts: not one that a busy hasher refused, nor one that an error kept from being made. Counted before it is
 * known to be wrong, so that guesses at the same time do not all pass. Guesses without end are told to the owner.
 */
export async function comparePassword(
  ctx: Context,
  { counted, lane }: PasswordSource,
  account: Pick<Account, 'id' | 'passwordHash'> | undefined,
  password: string,
): Promise<boolean> {
  const { attacks, limits, log, passwords } = ctx.deps;
  const taken: (typeof counted)[number][] = [];
  let used = 0;
  let isWrong = false;
  try {
    for (const counter of counted) {
      used = await limits.take(ctx, ...counter);
      taken.push(counter);
    }
    isWrong = !(await passwords.verify(account?.passwordHash, password, lane));
    if (isWrong && used >= ATTACK_FROM && account !== undefined) attacks.note(account.id, ctx);
    return !isWrong;
  } catch (error) {
    // Not by a busy hasher: by the limit of wrong passwords.
    if (taken.length < counted.length && error instanceof Refusal && account !== undefined)
      attacks.note(account.id, ctx);
    throw error;
  } finally {
    const givingBack = isWrong ? [] : taken.map((counter) => limits.giveBack(...counter));
    await Promise.all(givingBack).catch((err: unknown) =>
      log.warn({ err }, 'an attempt stays counted as a wrong password'),
    );
  }
}
