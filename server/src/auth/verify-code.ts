import { limitedAddress, refuse, Refusal } from '@fechatter/service-kit';
import type { Context } from '../context.ts';
import { bareCode, hashOfRecoveryCode, isRecoveryCode } from '../identity/recovery-code.ts';
import { totpStepOf } from '../identity/totp.ts';
import type { CodeSource } from './code-source.ts';

/** A correct code; the caller's transaction must use it up, and may find that it is used already. */
export type RightCode =
  | { readonly method: 'Totp'; readonly step: number }
  | { readonly method: 'RecoveryCode'; readonly codeHash: Buffer };

interface TotpRow {
  readonly sealed: Buffer;
  readonly last_step: number;
  readonly is_confirmed: boolean;
  readonly now_ms: number;
}

/** From this many wrong codes on it counts as an attack. */
const ATTACK_FROM = 5;
/** An authenticator app that was not confirmed within this time has to be set up again. */
const CONFIRM_SECONDS = 600;

/**
 * Checks a code of the authenticator app or a recovery code. Only wrong codes count; they are counted before the result
 * is known, so that concurrent guesses do not all pass. Wrong, late and used codes are all token_spent.
 */
export async function verifyCode(ctx: Context, userId: string, source: CodeSource, code: string): Promise<RightCode> {
  const bare = bareCode(code);
  if (!isRecoveryCode(bare)) return { method: 'Totp', step: await verifyTotp(ctx, userId, source, bare, 'confirmed') };
  const { db, limits } = ctx.deps;
  await limits.take(ctx, 'recoveryCode', limitedAddress(ctx.address), userId);
  const codeHash = hashOfRecoveryCode(userId, bare);
  const { rowCount } = await db.pool.query('select from recovery_codes where user_id = $1 and code_hash = $2', [
    userId,
    codeHash,
  ]);
  if (rowCount === 0) throw refuse('token_spent');
  return { method: 'RecoveryCode', codeHash };
}

/** The step of a correct code of the app, whether confirmed or waiting for confirmation. */
export async function verifyTotp(
  ctx: Context,
  userId: string,
  source: CodeSource,
  code: string,
  which: 'confirmed' | 'begun',
): Promise<number> {
  const { attacks, db, limits, log, totpCipher } = ctx.deps;
  const taken: CodeSource[number][] = [];
  let isWrong = false;
  try {
    let used = 0;
    for (const counter of source) {
      used = Math.max(used, await limits.take(ctx, ...counter));
      taken.push(counter);
    }
    const { rows } = await db.pool.query<TotpRow>({
      name: 'totp-factor',
      text: `select sealed, last_step::float8, confirmed_at is not null as is_confirmed,
               extract(epoch from clock_timestamp())::float8 * 1000 as now_ms
             from totp_factors
             where user_id = $1 and (confirmed_at is not null or created_at > now() - make_interval(secs => ${CONFIRM_SECONDS}))`,
      values: [userId],
    });
    const [factor] = rows;
    const isThere = factor?.is_confirmed === (which === 'confirmed');
    const step =
      isThere && factor ? totpStepOf(totpCipher.open(userId, factor.sealed), code, factor.now_ms) : undefined;
    if (step !== undefined && step > (factor?.last_step ?? 0)) return step;
    isWrong = true;
    if (used >= ATTACK_FROM && which === 'confirmed') attacks.note(userId, ctx, 'code');
    throw refuse('token_spent');
  } catch (error) {
    if (taken.length < source.length && error instanceof Refusal) attacks.note(userId, ctx, 'code');
    throw error;
  } finally {
    const givingBack = isWrong ? [] : taken.map((counter) => limits.giveBack(...counter));
    await Promise.all(givingBack).catch((err: unknown) => log.warn({ err }, 'a code stays counted as a wrong one'));
  }
}
