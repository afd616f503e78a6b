import { type Database, errorCode } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { ParsedSearch } from './parse-search.ts';

interface ScopeRow {
  readonly chat_ids: readonly string[];
  readonly after_ms: number | null;
  readonly before_ms: number | null;
}

/** The chats and times of a search. */
export interface SearchScope {
  readonly chatIds: readonly string[];
  readonly afterMs: number | null;
  readonly beforeMs: number | null;
}

/**
 * The chats of a search: the caller's own in this workspace, or those of the named ones that the caller can read. A
 * named chat that the caller cannot read counts as empty. No row: not in this workspace. Days begin by the database's
 * time zones.
 */
const scopeSql = `
  with w as materialized (
    select w.role from live_workspace_members w where w.workspace_id = $1::uuid and w.user_id = $2::uuid)
  select array(
      select c.id from live_chat_members m join chats c on c.id = m.chat_id
      where m.user_id = $2::uuid and c.workspace_id = $1::uuid and c.deleted_at is null
        and ($3::uuid[] is null or c.id = any ($3))
      union
      select c.id from unnest($3::uuid[]) n (id) join chats c on c.id = n.id
      where c.workspace_id = $1::uuid and c.chat_type = 'PublicChannel' and c.deleted_at is null and w.role >= 'Member'
    ) as chat_ids,
    (extract(epoch from ($4::text)::date::timestamp at time zone $6) * 1000)::float8 as after_ms,
    (extract(epoch from ($5::text)::date::timestamp at time zone $6) * 1000)::float8 as before_ms
  from w`;

/** The SQLSTATE for a time zone that Postgres does not know, though Node.js may. */
const UNKNOWN_TIME_ZONE = '22023';

export async function searchScope(
  { pool }: Database,
  { workspaceId, userId }: { readonly workspaceId: string; readonly userId: string },
  { chatIds, after, before, timeZone }: ParsedSearch,
): Promise<SearchScope | undefined> {
  const asked = {
    name: 'search-scope',
    text: scopeSql,
    values: [workspaceId, userId, chatIds, after, before, timeZone],
  };
  const { rows } = await pool.query<ScopeRow>(asked).catch((error: unknown) => {
    if (errorCode(error) !== UNKNOWN_TIME_ZONE) throw error;
    throw refuse('invalid_input', { message: 'Give a time zone like Europe/Berlin.' });
  });
  const [row] = rows;
  return row && { chatIds: row.chat_ids, afterMs: row.after_ms, beforeMs: row.before_ms };
}
