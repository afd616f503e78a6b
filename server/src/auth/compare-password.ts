import { Refusal } from '@fechatter/service-kit';
import type { Context } from '../context.ts';
import type { Account } from './account.ts';
import type { PasswordSource } from './password-source.ts';

/** This many wrong passwords for one account in an hour, from all sources, do not come from a forgetful owner. */
const ATTACK_FROM = 50;

/**
 * Compares a password with the account's; without an account it costs the same. Only a comparison that ran and failed
 * counts: not one that a busy hasher refused, or that an error prevented. It is counted before the result is known, so
 * that concurrent guesses do not all pass. The owner is notified of persistent guessing.
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
    // Refused by the limit of wrong passwords, not by a busy hasher.
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
