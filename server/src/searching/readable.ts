import { type Database, messageColumnsFor, messageJoins, type ReadMessageRow } from '@fechatter/drizzle';

export interface AccessOptions {
  readonly workspaceId: string;
  readonly userId: string;
  /** The chats that the search names: a public channel that the caller has not joined is read only if it is named. */
  readonly namedChatIds: readonly string[] | undefined;
  readonly senderIds: readonly string[] | undefined;
  readonly afterMs: number | null;
  readonly beforeMs: number | null;
}

// Reading and access check are one statement, whatever the index or an earlier page contained.
const readableSql = `
  select ${messageColumnsFor('$1')}
  from unnest($2::uuid[]) with ordinality a (id, ord)
  cross join lateral (select * from messages where id = a.id and deleted_at is null limit 1) m
  join lateral (
    select c.chat_type from chats c where c.id = m.chat_id and c.workspace_id = $3::uuid and c.deleted_at is null limit 1) c on true
  join lateral (
    select w.role from live_workspace_members w where w.workspace_id = $3::uuid and w.user_id = $1::uuid limit 1) w on true
  left join lateral (
    select p.user_id from live_chat_members p where p.chat_id = m.chat_id and p.user_id = $1::uuid limit 1) p on true
  ${messageJoins}
  where (p.user_id is not null or (c.chat_type = 'PublicChannel' and w.role >= 'Member' and m.chat_id = any ($4::uuid[])))
    and ($4::uuid[] is null or m.chat_id = any ($4)) and ($5::uuid[] is null or m.sender_id = any ($5))
    and ($6::float8 is null or m.created_at >= to_timestamp($6 / 1000))
    and ($7::float8 is null or m.created_at < to_timestamp($7 / 1000))
  order by a.ord`;

/** The candidates that the caller can read and that match the searched sender and time. */
export async function readable(
  { pool }: Database,
  ids: readonly string[],
  { workspaceId, userId, namedChatIds, senderIds, afterMs, beforeMs }: AccessOptions,
): Promise<readonly ReadMessageRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await pool.query<ReadMessageRow>({
    name: 'search-readable',
    text: readableSql,
    values: [userId, ids, workspaceId, namedChatIds, senderIds, afterMs, beforeMs],
  });
  return rows;
}
