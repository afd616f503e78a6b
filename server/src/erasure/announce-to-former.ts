import { sql } from '@fechatter/drizzle';
import { NIL } from 'uuid';
import type { Deps } from '../deps.ts';
import { announcePerson } from '../change/announce-person.ts';
import { type Change, makeChange } from '../change/change.ts';

const WORKSPACES_A_TRANSACTION = 100;

/**
 * Announces an erasure to the workspaces that the person had left before: messages and Single chats there still show the
 * old name in open clients. A repetition announces it again. False: stopped before the end.
 */
export async function announceToFormer(
  deps: Pick<Deps, 'notifier' | 'db'>,
  userId: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (let after: string | undefined = NIL; after !== undefined; ) {
    if (signal.aborted) return false;
    const batch: readonly string[] = await formerAfter(deps, userId, after);
    if (batch.length > 0) await makeChange({ deps }, (change) => announce(change, batch, userId));
    after = batch.length === WORKSPACES_A_TRANSACTION ? batch.at(-1) : undefined;
  }
  return true;
}

/** The next workspaces, by id, in which the person was and is not. */
async function formerAfter({ db }: Pick<Deps, 'db'>, userId: string, after: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>({
    name: 'former-workspaces-of-erased',
    text: `
      select m.workspace_id as id from workspace_members m
      where m.user_id = $1 and m.workspace_id > $2 and m.left_seq is not null
        and not exists (select from live_workspace_members n where n.user_id = $1 and n.workspace_id = m.workspace_id)
      group by 1 order by 1 limit $3`,
    values: [userId, after, WORKSPACES_A_TRANSACTION],
  });
  return rows.map(({ id }) => id);
}

async function announce(change: Change, workspaceIds: readonly string[], userId: string): Promise<void> {
  await change.lockWorkspaces(workspaceIds);
  // Nothing is announced after the end of a workspace.
  const { rows } = await change.tx.execute<{ id: string }>(sql`
    select id from workspaces
    where id = any (${sql.param([...workspaceIds])}::uuid[]) and deleted_at is null order by id`);
  const ids = rows.map(({ id }) => id);
  await announcePerson(change, ids, 'user.updated', { subjectId: userId }, 'present and past');
}
