import { Id, SessionList, UserPage } from '@fechatter/contract';
import {
  and,
  desc,
  eq,
  lt,
  selectSessions,
  type SessionColumns,
  sessionOf,
  sessionTable,
  sql,
} from '@fechatter/drizzle';
import { authed } from '../procedures.ts';
import { pagesOf } from '../page-cursor.ts';

const table = sessionTable;
/** Ids are in the order of time. */
const pages = pagesOf('auth.sessions', Id, ({ id }: SessionColumns) => id);

export const sessions = authed('read')
  .meta({
    openapi: {
      method: 'GET',
      path: '/auth/sessions',
      summary: 'List your sessions',
      description: 'The devices on which your account is signed in, newest first, and from where each was last used.',
      tags: ['auth'],
      refusals: ['invalid_cursor'],
    },
  })
  .input(UserPage)
  .output(SessionList)
  .query(async ({ ctx, input }) => {
    const before = pages.place(input?.cursor);
    const rows = await selectSessions(ctx.deps.db.tables)
      .where(
        and(
          eq(table.userId, ctx.principal.userId),
          sql`exists (select from live_sessions l where l.id = ${table.id})`,
          before === undefined ? undefined : lt(table.id, before),
        ),
      )
      .orderBy(desc(table.id))
      .limit(pages.rowsOf(input?.limit));
    const { page, nextCursor } = pages.cut(rows, input?.limit);
    return {
      sessions: page.map((row) => ({ ...sessionOf(row), current: row.id === ctx.principal.credential.sessionId })),
      nextCursor,
    };
  });
