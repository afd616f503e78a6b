import type { Session } from '@fechatter/contract';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { sessionAnswer, type SessionFacts } from './session-answer.ts';

const USER_AGENT_MAX_CHARS = 300;

/**
 * Opens a session for the one row of `person` (id, email, full_name; its parameters from $7 on), in the same statement:
 * a person who is not there at that moment, or not in that state, gets none.
 */
export async function openSession(
  { deps, userAgent, address }: Context,
  person: { readonly name: string; readonly text: string; readonly values: readonly unknown[] },
): Promise<Session | undefined> {
  const { refreshTokenSeconds, sessionMaxSeconds } = deps.config.auth;
  const refreshToken = deps.refreshTokens.first(uuidv7());
  const { rows } = await deps.db.pool.query<SessionFacts>({
    name: `open-session-${person.name}`,
    text: `
      with person as (${person.text}),
      session as (
        insert into sessions (id, user_id, refresh_hash, user_agent, ip, expires_at)
        select $1::uuid, person.id, $2::bytea, $3, $4, now() + make_interval(secs => least($5::float8, $6::float8)) from person
        returning id, expires_at)
      select person.id as user_id, person.email, person.full_name, session.id as session_id, session.expires_at
      from person, session`,
    values: [
      refreshToken.sessionId,
      deps.refreshTokens.hash(refreshToken),
      userAgent?.slice(0, USER_AGENT_MAX_CHARS) ?? null,
      address,
      refreshTokenSeconds,
      sessionMaxSeconds,
      ...person.values,
    ],
  });
  return rows[0] && sessionAnswer(deps, rows[0], refreshToken);
}
