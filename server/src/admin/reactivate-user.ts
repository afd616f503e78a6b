import { ExternalUser, User } from '@fechatter/contract';
import { withServiceKey } from '../access/service-procedures.ts';
import { reinstateUser } from '../user/suspend-user.ts';
import { adminMeta } from './admin-meta.ts';
import { externalPerson } from './external.ts';
import { readUser } from './read-user.ts';

export const reactivateUser = withServiceKey('users')
  .meta(
    adminMeta('reactivate-user', 'Reactivate a person', 'Ends a suspension. Sessions and invitations stay ended.', [
      'user_not_found',
    ]),
  )
  .input(ExternalUser)
  .output(User)
  .mutation(async ({ ctx, input }) => {
    const userId = await externalPerson(ctx.deps.db.tables, ctx.serviceKey, input.externalId);
    const { address, requestId, serviceKey } = ctx;
    await reinstateUser(ctx.deps, userId, { address, requestId, serviceKey });
    return readUser(ctx.deps.db, userId);
  });
