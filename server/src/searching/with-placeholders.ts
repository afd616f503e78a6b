import type { Database } from '@fechatter/drizzle';

const PLACEHOLDERS_MAX = 100;

/** These people, and the placeholders that they have claimed in a workspace, at most 100. */
export async function withPlaceholders(
  { pool }: Database,
  workspaceId: string,
  userIds: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  if (userIds === undefined || userIds.length === 0) return userIds;
  const { rows } = await pool.query<{ id: string }>({
    name: 'search-placeholders',
    text: `select u.id from users u join placeholders p on p.user_id = u.id and p.workspace_id = $2
      where u.account_id = any ($1::uuid[]) order by u.id limit $3`,
    values: [userIds, workspaceId, PLACEHOLDERS_MAX],
  });
  return rows.length === 0 ? userIds : [...userIds, ...rows.map(({ id }) => id)];
}
