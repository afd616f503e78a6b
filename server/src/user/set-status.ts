import { Presence, StatusSet } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { readPresence } from './read-presence.ts';
import { authed } from '../procedures.ts';
import { emojiOf } from '../reaction/emoji.ts';

// Locks the person's row, so that an account which is being erased gets no status any more.
const setSql = `
  insert into custom_statuses (user_id, emoji, text, expires_at)
  select u.id, $2, $3, clock_timestamp() + make_interval(secs => $4::int)
  from (select id from users where id = $1 and status = 'Active' for share) u
  on conflict (user_id) do update set emoji = excluded.emoji, text = excluded.text, expires_at = excluded.expires_at
  returning user_id`;

export const setStatus = authed('write')
  .meta({
    openapi: {
      method: 'PUT',
      path: '/users/me/status',
      summary: 'Set your custom status',
      description:
        'An emoji, a text of up to 100 characters, or both; with `expires_in_seconds` (at most a year) it is removed by ' +
        'itself. Without any of them you have none any more. People with whom you share a workspace see it beside your ' +
        'presence; those who watch you receive the signal `presence`.',
      tags: ['user'],
      refusals: ['not_an_emoji', 'session_revoked'],
    },
  })
  .input(StatusSet)
  .output(Presence)
  .mutation(async ({ ctx: { deps, principal }, input }) => {
    const { userId } = principal;
    const emoji = input.emoji === undefined ? null : emojiOf(input.emoji);
    if (emoji === undefined) throw refuse('not_an_emoji');
    const { text = null, expiresInSeconds = null } = input;
    const { pool } = deps.db;
    if (emoji === null && text === null) await pool.query('delete from custom_statuses where user_id = $1', [userId]);
    else {
      const { rowCount } = await pool.query(setSql, [userId, emoji, text, expiresInSeconds]);
      if (rowCount === 0) throw refuse('session_revoked');
    }
    deps.signals.hint({ kind: 'presence.changed', userId });
    const [presence] = await readPresence(deps.db, userId, [userId]);
    if (presence === undefined) throw new Error('a person sees themselves');
    return presence;
  });
