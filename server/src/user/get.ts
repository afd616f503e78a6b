import { Id, User } from '@fechatter/contract';
import { and, eq, selectUsers, sql, userOf, userTable } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { authed } from '../procedures.ts';

export const get = authed('read')
  .meta({
    openapi: {
      method: 'GET',
      path: '/users/{user_id}',
      summary: 'Read a person',
      description: 'Only people with whom you currently share a workspace; anyone else is `user_not_found`.',
      tags: ['user'],
      refusals: ['user_not_found'],
    },
  })
  .input(z.object({ userId: Id }))
  .output(User)
  .query(async ({ ctx, input: { userId } }) => {
    const sharesWorkspace = sql`exists (
      select from live_workspace_members mine join live_workspace_members theirs on theirs.workspace_id = mine.workspace_id
      where mine.user_id = ${ctx.principal.userId}
        and theirs.user_id = ${userTable.id})`;
    const [row] = await selectUsers(ctx.deps.db.tables).where(
      and(eq(userTable.id, userId), sql`(${userTable.id} = ${ctx.principal.userId} or ${sharesWorkspace})`),
    );
    if (row === undefined) throw refuse('user_not_found');
    return userOf(row);
  });
