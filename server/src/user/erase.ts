import { AccountErasure } from '@fechatter/contract';
import { and, eq, schema } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { reauthenticated } from '../access/limited-procedures.ts';
import { mustBeFresh } from '../access/must-be-fresh.ts';
import { mustLive } from '../access/must-live.ts';
import { provePassword } from '../auth/own-password.ts';
import { closeAccount } from '../erasure/close-account.ts';
import { wipeAccount } from '../erasure/wipe-accounts.ts';

const { users } = schema;
/** If wiping takes longer than this, the response is sent earlier and a worker continues. */
const WIPE_WAIT_MS = 5_000;

export const erase = reauthenticated
  .meta({
    openapi: {
      method: 'POST',
      path: '/users/me/erase',
      successStatus: 204,
      summary: 'Erase your account',
      description:
        'This cannot be undone. Needs the password, or a sign-in or `auth.reauthenticate` within the last ten ' +
        'minutes, and `confirmation` must be `erase`. Your name, picture and ' +
        'e-mail address are deleted at once, all your sessions and memberships end, your reactions are removed, and ' +
        'every message that you sent loses its content; if there are many, this takes minutes. A workspace in which ' +
        'you are the only member is deleted. If you are the only Owner of a workspace with other members, make ' +
        'someone else Owner first (`last_owner`). Limited to 10 a minute.',
      tags: ['user'],
      refusals: ['wrong_password', 'reauthentication_needed', 'last_owner', 'rate_limited'],
    },
  })
  .input(AccountErasure)
  .output(z.void())
  .mutation(async ({ ctx, input }) => {
    const { deps, principal } = ctx;
    const proved = input.password === undefined ? undefined : await provePassword(ctx, input.password);
    const ended = await closeAccount(ctx, principal.userId, async (tx) => {
      if (proved === undefined) return mustBeFresh(tx, principal.credential.sessionId);
      await mustLive(tx, principal.credential.sessionId);
      const unchanged = and(eq(users.id, principal.userId), eq(users.passwordHash, proved), eq(users.status, 'Active'));
      if ((await tx.select({ id: users.id }).from(users).where(unchanged)).length === 0) throw refuse('wrong_password');
    });
    deps.revoked.add(ended);
    await wipeAccount(deps, principal.userId, AbortSignal.timeout(WIPE_WAIT_MS)).catch((err: unknown) =>
      deps.log.warn({ err, userId: principal.userId }, 'an erased account is not wiped yet; a worker continues'),
    );
  });
