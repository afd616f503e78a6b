import type { Database } from '@fechatter/drizzle';

/** The workspace with this id, unless it was deleted. */
export async function findWorkspace(
  { pool }: Database,
  wanted: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const { rows } = await pool.query<{ id: string; name: string }>(
    'select id, name from workspaces where id::text = lower($1::text collate "C") and deleted_at is null',
    [wanted],
  );
  if (rows[0] === undefined) throw new Error(`no workspace has the id ${wanted}`);
  return rows[0];
}
