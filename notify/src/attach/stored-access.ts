import type { Cursor } from '@fechatter/contract';
import { type EntryRow, entryColumns, entryJoins, entryOf, type LogEntry, type Queryable } from '@fechatter/drizzle';
import type { StoredPeriod } from '../hub/membership-index.ts';
import type { NumberedRow } from '../hub/ring.ts';

/** A session as the database has it now. */
export interface StoredSession {
  readonly id: string;
  readonly userId: string;
  /** Not revoked, not expired, its user active; by the database's clock. */
  readonly isLive: boolean;
  readonly expiresInMs: number;
}

/** The sessions that there are of those asked for. */
export async function loadSessions(db: Queryable, ids: readonly string[]): Promise<readonly StoredSession[]> {
  const { rows } = await db.query<StoredSession>({
    name: 'notify-sessions',
    text: `select s.id, s.user_id as "userId",
        s.revoked_at is null and s.expires_at > now() and u.status = 'Active' as "isLive",
        greatest(0, extract(epoch from s.expires_at - now()) * 1000)::float8 as "expiresInMs"
      from sessions s join users u on u.id = s.user_id where s.id = any($1::uuid[])`,
    values: [ids],
  });
  return rows;
}

/** All periods of these people, of chats and of workspaces, in one snapshot; who has none is missing. */
export async function loadPeriods(
  db: Queryable,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly StoredPeriod[]>> {
  const { rows } = await db.query<StoredPeriod & { readonly userId: string }>({
    name: 'notify-periods',
    text: `select user_id as "userId", 'workspace' as scope, workspace_id as id, workspace_id as "workspaceId",
        joined_seq as "joinedSeq", left_seq as "leftSeq"
      from workspace_members where user_id = any($1::uuid[])
      union all
      select m.user_id, 'chat', m.chat_id, h.workspace_id, m.joined_seq, m.left_seq
      from chat_members m join chat_heads h on h.chat_id = m.chat_id where m.user_id = any($1::uuid[])`,
    values: [userIds],
  });
  const periods = new Map<string, StoredPeriod[]>();
  for (const row of rows) {
    const known = periods.get(row.userId);
    if (known === undefined) periods.set(row.userId, [row]);
    else known.push(row);
  }
  return periods;
}

/** Rows of the log with their content, by position; a forgotten one is missing. */
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
    `select o.pos, o.nonce, e.code, e.workspace_id as "workspaceId", e.workspace_seq as "workspaceSeq", e.chat_id as "chatId",
        e.chat_seq as "chatSeq", e.user_id as "userId", e.subject_id as "subjectId", e.facts
      from log_order o join event_log e on e.id = o.event_id where o.pos > $1::bigint - $2 and o.pos <= $1::bigint order by o.pos`,
    [to.pos, rowsMax],
  );
  return rows;
}

/** What the log has at a place, and where it begins. */
export async function lookUpPlace(
  db: Queryable,
  pos: number,
): Promise<{ readonly nonce: number | null; readonly firstPos: number | null }> {
  const { rows } = await db.query<{ nonce: number | null; firstPos: number | null }>({
    name: 'notify-place',
    text: `select (select nonce from log_order where pos = $1::bigint) as nonce, (select min(pos) from log_order) as "firstPos"`,
    values: [pos],
  });
  return rows[0] ?? { nonce: null, firstPos: null };
}
