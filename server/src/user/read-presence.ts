import type { Presence } from '@fechatter/contract';
import type { Database } from '@fechatter/drizzle';

interface PresenceRow {
  user_id: string;
  presence: Presence['presence'];
  emoji: string | null;
  status_text: string | null;
  status_expires_at: Date | null;
}

const presenceSql = `
  select a.id as user_id, case when s.user_id is null then 'offline' else n.presence end as presence,
    case when s.user_id is not null then n.emoji end as emoji,
    case when s.user_id is not null then n.status_text end as status_text,
    case when s.user_id is not null then n.status_expires_at end as status_expires_at
  from unnest($2::uuid[]) with ordinality a (id, ord)
  left join people_seen(array_fill($1::uuid, array[cardinality($2::uuid[])]), $2::uuid[]) s on s.user_id = a.id
  join presence_now($2::uuid[]) n on n.user_id = a.id
  order by a.ord`;

/** The presence of people as a viewer sees it, in the requested order. */
export async function readPresence(
  { pool }: Pick<Database, 'pool'>,
  viewerId: string,
  userIds: readonly string[],
): Promise<Presence[]> {
  const { rows } = await pool.query<PresenceRow>({
    name: 'presence',
    text: presenceSql,
    values: [viewerId, [...new Set(userIds)]],
  });
  return rows.map((row) => ({ userId: row.user_id, presence: row.presence, customStatus: customStatusOf(row) }));
}

const customStatusOf = ({ emoji, status_text: text, status_expires_at: expiresAt }: PresenceRow) =>
  emoji === null && text === null ? null : { emoji, text, expiresAt };
