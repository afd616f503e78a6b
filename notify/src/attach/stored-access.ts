import type { Cursor } from '@fechatter/contract';
import { type EntryRow, entryColumns, entryJoins, entryOf, type LogEntry, type Queryable } from '@fechatter/drizzle';
import { ENDED_MAX } from '../hub/ended-periods.ts';
import type { StoredMemberships, StoredPeriod } from '../hub/membership-index.ts';
import type { NumberedRow } from '../hub/ring.ts';

/** A live session, as the database has it now. */
export interface StoredSession {
  readonly id: string;
  readonly userId: string;
  readonly expiresInMs: number;
  /** Of the key of a bot: what it may do now; null for the session of a person. */
  readonly scopes: readonly string[] | null;
}

/** Those of the requested sessions that are live: not revoked, not expired, of an active person. */
export async function loadSessions(db: Queryable, ids: readonly string[]): Promise<readonly StoredSession[]> {
  const { rows } = await db.query<StoredSession>({
    name: 'notify-sessions',
    text: `select s.id, s.user_id as "userId", (extract(epoch from s.expires_at - now()) * 1000)::float8 as "expiresInMs", b.scopes
      from live_sessions s left join bots b on b.session_id = s.id where s.id = any($1::uuid[])`,
    values: [ids],
  });
  return rows;
}

/** In addition to the log's retention: a replay may still run for this long when the log drops its beginning. */
const KEPT_LONGER_HOURS = 1;

interface MembershipRow extends Omit<StoredPeriod, 'guest'> {
  readonly userId: string;
  readonly isGuest: boolean;
  readonly guestSeq: number | null;
  readonly endedAfterMs: number;
  readonly readAtMs: number;
}

// Limited before anything is joined: the index returns the newest, and no others are read.
const newestEnded = (table: string, id: string) => `
  select m.${id} as id, m.joined_seq, m.left_seq, m.left_at from ${table} m
  where m.user_id = p.id and m.left_seq is not null and m.left_at > kept.since order by m.left_at desc limit ${ENDED_MAX + 1}`;

/**
 * The memberships of these people in chats and workspaces, in one snapshot: those that are open, and the newest of
 * those that ended since the log's beginning (`retentionHours`). The cost depends on the open ones and a fixed limit,
 * not on how often someone joined and left.
 */
export async function loadMemberships(
  db: Queryable,
  userIds: readonly string[],
  retentionHours: number,
): Promise<ReadonlyMap<string, StoredMemberships>> {
  const { rows } = await db.query<Omit<MembershipRow, 'scope'> & { readonly scope: MembershipRow['scope'] | null }>({
    name: 'notify-memberships',
    text: `
      with kept as materialized (select clock_timestamp() - make_interval(hours => $2) as since)
      select p.id as "userId", m.scope, m.id, m.workspace_id as "workspaceId", m.joined_seq as "joinedSeq",
        m.left_seq as "leftSeq", m.is_guest as "isGuest", m.guest_seq as "guestSeq", (extract(epoch from m.left_at) * 1000)::float8 as "leftAtMs",
        (extract(epoch from kept.since) * 1000)::float8 as "endedAfterMs",
        (extract(epoch from clock_timestamp()) * 1000)::float8 as "readAtMs"
      from unnest($1::uuid[]) p (id) cross join kept left join lateral (
        select 'workspace' as scope, m.workspace_id as id, m.workspace_id, m.joined_seq, m.left_seq, m.left_at,
          m.role < 'Member' as is_guest, m.guest_seq
        from workspace_members m where m.user_id = p.id and m.left_seq is null
        union all
        select 'chat', m.chat_id, h.workspace_id, m.joined_seq, m.left_seq, m.left_at, false, null
        from chat_members m join chat_heads h on h.chat_id = m.chat_id where m.user_id = p.id and m.left_seq is null
        union all
        (select e.scope, e.id, coalesce(h.workspace_id, e.id), e.joined_seq, e.left_seq, e.left_at, false, null from (
          select 'workspace' as scope, w.* from (${newestEnded('workspace_members', 'workspace_id')}) w
          union all
          select 'chat', c.* from (${newestEnded('chat_members', 'chat_id')}) c
          order by left_at desc limit ${ENDED_MAX + 1}) e
        left join chat_heads h on e.scope = 'chat' and h.chat_id = e.id)) m on true`,
    values: [userIds, retentionHours + KEPT_LONGER_HOURS],
  });
  const byUser = new Map<string, MembershipRow[]>(userIds.map((userId) => [userId, []]));
  const readOf = new Map(rows.map(({ userId, endedAfterMs, readAtMs }) => [userId, { endedAfterMs, readAtMs }]));
  for (const { scope, ...row } of rows) if (scope !== null) byUser.get(row.userId)?.push({ scope, ...row });
  return new Map([...readOf].map(([userId, read]) => [userId, membershipsOf(byUser.get(userId) ?? [], read)]));
}

function membershipsOf(
  rows: readonly MembershipRow[],
  { endedAfterMs, readAtMs }: Pick<StoredMemberships, 'endedAfterMs' | 'readAtMs'>,
): StoredMemberships {
  const open = rows.filter(({ leftAtMs }) => leftAtMs === null).map(withGuest);
  const ended = rows.filter(({ leftAtMs }) => leftAtMs !== null);
  ended.sort((a, b) => (a.leftAtMs ?? 0) - (b.leftAtMs ?? 0));
  if (ended.length <= ENDED_MAX) return { periods: [...ended, ...open], endedAfterMs, isCut: false, readAtMs };
  // Of the memberships that ended at the same moment as the first one over the limit, some may not have been read.
  const cutAtMs = ended[0]?.leftAtMs ?? 0;
  const known = ended.filter(({ leftAtMs }) => (leftAtMs ?? 0) > cutAtMs);
  return { periods: [...known, ...open], endedAfterMs: cutAtMs, isCut: true, readAtMs };
}

/** Of the open memberships of workspaces few have anything to do with Guests: the others have no key for it. */
function withGuest({ isGuest, guestSeq, ...period }: MembershipRow): StoredPeriod {
  if (!isGuest && guestSeq === null) return period;
  return { ...period, guest: { isGuest, sinceSeq: guestSeq ?? period.joinedSeq } };
}

/** Rows of the log with their content, by position; pruned ones are missing. */
export async function loadEntries(db: Queryable, positions: readonly number[]): Promise<readonly LogEntry[]> {
  const { rows } = await db.query<EntryRow>({
    name: 'notify-entries',
    text: `select ${entryColumns} from log_order o ${entryJoins} where o.pos = any($1::bigint[]) and e.id is not null order by o.pos`,
    values: [positions],
  });
  return rows.map(entryOf);
}

/** The last rows of the log up to `to`, without content. */
export async function loadRecent(db: Queryable, to: Cursor, rowsMax: number): Promise<readonly NumberedRow[]> {
  const { rows } = await db.query<NumberedRow>(
    `select o.pos, o.nonce, e.created_at as "createdAt", e.code, e.workspace_id as "workspaceId", e.workspace_seq as "workspaceSeq", e.chat_id as "chatId",
        e.chat_seq as "chatSeq", e.user_id as "userId", e.subject_id as "subjectId", e.facts
      from log_order o join event_log e on e.id = o.event_id where o.pos > $1::bigint - $2 and o.pos <= $1::bigint order by o.pos`,
    [to.pos, rowsMax],
  );
  return rows;
}

/** A position as the log knows it. */
export interface StoredPlace {
  readonly nonce: number | null;
  readonly firstPos: number | null;
  /** When the row after it was written; null if there is none, or if it was pruned. */
  readonly nextAtMs: number | null;
  /** Whether that is longer ago than the log's retention. */
  readonly isExpired: boolean;
}

/** What the log has at a position, and where the log begins. */
export async function lookUpPlace(db: Queryable, pos: number, retentionHours: number): Promise<StoredPlace> {
  const { rows } = await db.query<StoredPlace>({
    name: 'notify-place',
    text: `
      select (select nonce from log_order where pos = $1::bigint) as nonce, (select min(pos) from log_order) as "firstPos",
        (extract(epoch from n.at) * 1000)::float8 as "nextAtMs",
        coalesce(n.at < clock_timestamp() - make_interval(hours => $2), false) as "isExpired"
      from (select (select e.created_at from log_order o join event_log e on e.id = o.event_id where o.pos = $1::bigint + 1) as at) n`,
    values: [pos, retentionHours],
  });
  return rows[0] ?? { nonce: null, firstPos: null, nextAtMs: null, isExpired: false };
}
