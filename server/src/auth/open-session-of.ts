import type { Session } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import type { Context } from '../context.ts';
import { openSession } from './open-session.ts';

/**
 * Opens a session for a person whom another issuer has authenticated. Refuses a suspended one with account_suspended.
 */
export async function openSessionOf(ctx: Context, userId: string): Promise<Session> {
  const session = await openSession(ctx, {
    name: 'identity',
    mail: null,
    text: `select id, email, full_name, device_epoch from users where id = $13::uuid and status = 'Active' for share`,
    values: [userId],
  });
  if (session === undefined) throw refuse('account_suspended');
  return session;
}
