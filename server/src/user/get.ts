import { Id, User } from '@fechatter/contract';
import { userColumnList, userOf, type UserRow } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { authed } from '../procedures.ts';

export const get = authed('read')
  .meta({
    keyPermission: 'workspace.read',
    openapi: {
      method: 'GET',
      path: '/users/{user_id}',
      summary: 'Read a person',
      description:
        'Only people with whom you currently share a workspace, or a chat of it if you are a Guest there; anyone else ' +
        'is `user_not_found`.',
      tags: ['user'],
      refusals: ['user_not_found'],
    },
  })
  .input(z.object({ userId: Id }))
  .output(User)
  .query(({ ctx: { deps, principal, isFreshWanted }, input: { userId } }) =>
    deps.remembered.profiles.read({
      key: `${principal.userId} ${userId}`,
      about: [principal.userId, userId],
      isFreshWanted,
      read: () => readProfile(deps, principal.userId, userId),
    }),
  );

async function readProfile({ db }: Deps, readerId: string, userId: string): Promise<z.input<typeof User>> {
  const { rows } = await db.pool.query<UserRow>({
    name: 'user-get',
    text: `select ${userColumnList} from people_seen(array[$1::uuid], array[$2::uuid]) s join users u on u.id = s.user_id`,
    values: [readerId, userId],
  });
  if (rows[0] === undefined) throw refuse('user_not_found');
  return userOf(rows[0]);
}
