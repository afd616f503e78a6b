import { Id, User } from '@fechatter/contract';
import { and, eq, schema, sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { authed } from '../procedures.ts';

const { users } = schema;

export const get = authed
  .meta({
    openapi: {
      method: 'GET',
      path: '/users/{user_id}',
      summary: 'Get a person',
      description: 'Someone with whom you share a workspace now; anyone else is `user_not_found`.',
      tags: ['user'],
      refusals: ['user_not_found'],
    },
  })
  .input(z.object({ userId: Id }))
  .output(User)
  .query(async ({ ctx, input: { userId } }) => {
    const sharesWorkspace = sql`exists (
      select from workspace_members mine join workspace_members theirs on theirs.workspace_id = mine.workspace_id
      where mine.user_id = ${ctx.user.id} and mine.left_seq is null
        and theirs.user_id = ${users.id} and theirs.left_seq is null)`;
    const [user] = await ctx.deps.db.tables
      .select({
        id: users.id,
        fullName: users.fullName,
        avatarUrl: users.avatarUrl,
        status: users.status,
        createdAt: users.createdAt,
      })
      .from(users)
      .where(and(eq(users.id, userId), sql`(${users.id} = ${ctx.user.id} or ${sharesWorkspace})`));
    if (user === undefined) throw refuse('user_not_found');
    return user;
  });
