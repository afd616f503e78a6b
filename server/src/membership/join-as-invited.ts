import { Refusal } from '@fechatter/service-kit';
import type { Context } from '../context.ts';
import { joinByInvite } from './join-by-invite.ts';

/**
 * Accepts the invitation by which a person signed up, once their address is verified. The address stays verified in any
 * case: an invitation that has ended meanwhile is simply not accepted.
 */
export async function joinAsInvited(ctx: Context, userId: string, signupInvite: Buffer | null): Promise<void> {
  if (signupInvite === null) return;
  try {
    await joinByInvite({ ...ctx, principal: { userId } }, userId, signupInvite);
  } catch (error) {
    if (!(error instanceof Refusal))
      ctx.deps.log.warn({ err: error, userId }, 'an invited person must accept the invitation manually');
  }
}
