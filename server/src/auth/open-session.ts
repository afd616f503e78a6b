import type { AuditAction, SecondFactorMethod, Session } from '@fechatter/contract';
import type { MailKind } from '@fechatter/drizzle';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { placeOf, shownAgent } from './place.ts';
import { MAIL_HOURS, sendsMail } from '../mail/queue-mail.ts';
import { sessionResponse, type SessionFacts } from './session-response.ts';

/** The ways to sign in, with the action of each in the audit log. */
const ways = {
  signup: { action: 'account.signedUp' },
  signin: { action: 'account.signedIn' },
  identity: { action: 'account.signedIn' },
  passkeySecond: { action: 'account.signedIn', method: 'Passkey' },
  provider: { action: 'account.signedIn' },
  totp: { action: 'account.signedIn', method: 'Totp' },
  passkey: { action: 'account.signedIn', method: 'Passkey' },
  recovery: { action: 'account.signedIn', method: 'RecoveryCode' },
} as const satisfies Record<string, { readonly action: AuditAction; readonly method?: SecondFactorMethod }>;
export type SigninWay = keyof typeof ways;

/** The person of the session, as a query of one row, and the device if it is a known one. */
interface SessionPerson {
  readonly name: SigninWay;
  /** Further tables of the `with` that `text` selects from: what the sign-in uses up. */
  readonly using?: string;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly deviceId?: string | undefined;
  /** The mail to send to them, if mail is on. */
  readonly mail: MailKind | null;
}

/**
 * Opens a session for the one row of `person` (id, email, full_name, device_epoch; its parameters from $13 on), in the
 * same statement: if the query returns no row at that moment, there is no session. The statement also writes the audit
 * log.
 */
export async function openSession(ctx: Context, person: SessionPerson): Promise<Session | undefined> {
  const { deps, address, requestId } = ctx;
  const { refreshTokenSeconds, sessionMaxSeconds } = deps.config.auth;
  const way: { readonly action: AuditAction; readonly method?: SecondFactorMethod } = ways[person.name];
  const refreshToken = deps.refreshTokens.first(uuidv7(), placeOf(ctx));
  const { rows } = await deps.db.pool.query<SessionFacts>({
    name: `open-session-${person.name}`,
    text: `
      with ${person.using === undefined ? '' : `${person.using},`} person as (${person.text}),
      session as (
        insert into sessions (id, user_id, device_id, refresh_hash, name, user_agent, ip, expires_at)
        select $1::uuid, person.id, $10::uuid, $2::bytea, (
            select s.name from sessions s where s.user_id = person.id and s.device_id = $10::uuid order by s.id desc limit 1),
          $3, $4, now() + make_interval(secs => least($5::float8, $6::float8))
        from person
        returning id, expires_at, device_id),
      noted as (
        insert into audit_log (scope_id, id, action, actor_id, user_id, details, address, request_id)
        select person.id, $7::uuid, $8, person.id, person.id, jsonb_strip_nulls(jsonb_build_object('sessionId', session.id,
          'serviceKeyId', $${13 + person.values.length}::uuid${way.method ? `, 'method', '${way.method}'` : ''})), $4, $9
        from person cross join session),
      mailed as (
        insert into mail_jobs (id, kind, user_id, address, details, expires_at)
        select $11::uuid, $12, person.id, person.email, jsonb_build_object('userAgent', $3::text, 'ip', $4::text),
          now() + make_interval(hours => ${MAIL_HOURS})
        from person where $12::text is not null and person.email is not null)
      select person.id as user_id, person.email, person.full_name, session.id as session_id, session.expires_at,
        session.device_id, person.device_epoch, extract(epoch from now())::int8::float8 as now_seconds
      from person, session`,
    values: [
      refreshToken.sessionId,
      deps.refreshTokens.hash(refreshToken),
      shownAgent(ctx),
      address,
      refreshTokenSeconds,
      sessionMaxSeconds,
      uuidv7(),
      way.action,
      requestId,
      person.deviceId ?? uuidv7(),
      uuidv7(),
      sendsMail(deps.config) ? person.mail : null,
      ...person.values,
      ctx.serviceKey?.id ?? null,
    ],
  });
  return rows[0] && sessionResponse(deps, rows[0], refreshToken);
}
