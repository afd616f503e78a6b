import { FileTicket, limits } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { authed } from '../procedures.ts';

export const ticket = authed('write')
  .output(FileTicket)
  .meta({
    keyPermission: 'chat.read',
    openapi: {
      method: 'POST',
      path: '/files/tickets',
      successStatus: 201,
      summary: 'Get a ticket for downloads',
      description:
        'For pictures, sounds and films in a page, which send no header: `/f/{file_id}?ticket=…`. It works for an hour, ' +
        'for downloads only, and as long as your session lives; each download still depends on what you can read then.',
      tags: ['file'],
      refusals: [],
    },
  })
  .mutation(async ({ ctx: { deps, principal } }) => {
    const { userId, credential } = principal;
    const { rows } = await deps.db.pool.query<{ expires_at_seconds: number }>({
      name: 'file-ticket',
      text: `select floor(extract(epoch from least(expires_at, clock_timestamp() + make_interval(secs => $2))))::int as expires_at_seconds
        from live_sessions where id = $1::uuid`,
      values: [credential.sessionId, limits.fileTicketSeconds],
    });
    const expiresAtSeconds = rows[0]?.expires_at_seconds;
    if (expiresAtSeconds === undefined) throw refuse('session_revoked');
    const text = deps.fileTickets.encode({ userId, sessionId: credential.sessionId, expiresAtSeconds });
    return { ticket: text, expiresAt: new Date(expiresAtSeconds * 1_000) };
  });
