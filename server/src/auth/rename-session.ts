import { SessionRename, SessionRow } from '@fechatter/contract';
import { and, eq, schema, selectSessions, sessionOf, sessionTable, sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { authed } from '../procedures.ts';

const { sessions } = schema;

export const renameSession = authed('auth')
  .meta({
    openapi: {
      method: 'PATCH',
      path: '/auth/sessions/{session_id}',
      summary: 'Name a session',
      description:
        'Gives one of your own devices a name that only you see; `null` removes it. Later sign-ins of the same known ' +
        'device have it too.',
      tags: ['auth'],
      refusals: ['session_not_found'],
    },
  })
  .input(SessionRename)
  .output(SessionRow)
  .mutation(async ({ ctx, input: { sessionId, name } }) => {
    const { tables } = ctx.deps.db;
    const { userId, credential } = ctx.principal;
    const own = (table: typeof sessions | typeof sessionTable) =>
      and(
        eq(table.id, sessionId),
        eq(table.userId, userId),
        sql`exists (select from live_sessions l where l.id = ${table.id})`,
      );
    const renamed = await tables.update(sessions).set({ name }).where(own(sessions)).returning({ id: sessions.id });
    const [row] = renamed.length === 0 ? [] : await selectSessions(tables).where(own(sessionTable));
    if (row === undefined) throw refuse('session_not_found');
    return { ...sessionOf(row), current: row.id === credential.sessionId };
  });
