import { ExternalUser, User } from '@fechatter/contract';
import { withServiceKey } from '../access/service-procedures.ts';
import { suspendUser as suspend } from '../user/suspend-user.ts';
import { adminMeta } from './admin-meta.ts';
import { externalPerson } from './external.ts';
import { readUser } from './read-user.ts';

export const suspendUser = withServiceKey('users')
  .meta(
    adminMeta(
      'suspend-user',
      'Suspend a person',
      'Ends their sessions and invitations; the account cannot be signed in to until it is reactivated. Their memberships ' +
        'and what they wrote stay. Suspending again changes nothing.',
      ['user_not_found'],
    ),
  )
  .input(ExternalUser)
  .output(User)
  .mutation(async ({ ctx, input }) => {
    const userId = await externalPerson(ctx.deps.db.tables, ctx.serviceKey, input.externalId);
    const { address, requestId, serviceKey } = ctx;
    await suspend(ctx.deps, userId, { address, requestId, serviceKey });
    return readUser(ctx.deps.db, userId);
  });
