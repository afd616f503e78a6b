import { type Database, isUnavailable, sql } from '@fechatter/drizzle';
import type { Deps } from '../deps.ts';
import { makeChange } from '../change/change.ts';
import { announceToFormer } from './announce-to-former.ts';
import { endMembership } from '../membership/end-workspace-membership.ts';
import { wipeReactions } from './wipe-reactions.ts';
import { wipeSentMessages } from './wipe-sent-messages.ts';

type Wiper = Pick<Deps, 'notifier' | 'db' | 'log'>;

const ACCOUNTS_A_READ = 100;
const ROWS_A_STATEMENT = 500;

/** Continues every unfinished erasure: the process that began it may have died. */
export async function wipeErased(deps: Wiper, signal: AbortSignal): Promise<void> {
  const { rows } = await deps.db.pool.query<{ id: string }>(
    'select id from users where erased_at is not null and wiped_at is null order by id limit $1',
    [ACCOUNTS_A_READ],
  );
  for (const { id } of rows) {
    if (signal.aborted) return;
    await wipeAccount(deps, id, signal).catch((error: unknown) => {
      if (isUnavailable(error)) throw error;
      deps.log.error({ err: error, userId: id }, 'an erased account cannot be wiped; continuing with the others');
    });
  }
}

/**
 * Wipes what a closed account leaves: first the workspaces that the person left before are informed, and its memberships
 * end, so that nothing more is sent; then its reactions, the content of its messages, and its addresses and devices are
 * removed. It can be stopped anywhere, run again, and run by
 * several processes at once.
 */
export async function wipeAccount(deps: Wiper, userId: string, signal: AbortSignal): Promise<void> {
  // Before memberships end: where they are still open, closing the account was announced.
  if (!(await announceToFormer(deps, userId, signal))) return;
  for (const workspaceId of await workspacesOf(deps.db, userId)) {
    if (signal.aborted) return;
    await leaveWorkspace(deps, workspaceId, userId);
  }
  if (!(await wipeReactions(deps, userId, signal))) return;
  if (!(await wipeSentMessages(deps, userId, signal))) return;
  for (const statement of [endUnsentFiles, forgetPins, forgetSaved, forgetThreads, forgetSessions, forgetAddresses])
    while ((await rowsOf(deps.db, statement, userId)) === ROWS_A_STATEMENT) if (signal.aborted) return;
  await deps.db.pool.query('update users set wiped_at = now() where id = $1 and wiped_at is null', [userId]);
  deps.log.info({ userId }, 'erased account wiped');
}

async function workspacesOf({ pool }: Database, userId: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'select workspace_id as id from live_workspace_members where user_id = $1 order by 1',
    [userId],
  );
  return rows.map(({ id }) => id);
}

/** The role does not matter any more: an Owner became a Member when the account was closed. */
function leaveWorkspace(deps: Wiper, workspaceId: string, userId: string): Promise<void> {
  return makeChange({ deps, principal: { userId } }, async (change) => {
    await change.lockWorkspaces([workspaceId]);
    const { rows } = await change.tx.execute(sql`
      select 1 from live_workspace_members where workspace_id = ${workspaceId} and user_id = ${userId}`);
    if (rows.length === 0) return;
    await endMembership(change, workspaceId, userId);
    change.note('workspace.memberLeft', { workspaceId, userId });
  });
}

/** What they uploaded and did not send: the job that collects files ends it under the heads of its chats. */
const endUnsentFiles = `
  with ended as (
    update files set expires_at = clock_timestamp() where id in (
      select id from files where uploader_id = $1 and message_id is null and state <> 'Gone' and expires_at > clock_timestamp() limit $2)
    returning 1)
  select count(*)::int as count from ended`;
/** What they pinned stays pinned: it is the chat's. */
const forgetPins = `
  with forgotten as (
    update pins set user_id = null where message_id in (select message_id from pins where user_id = $1 limit $2)
    returning 1)
  select count(*)::int as count from forgotten`;
const forgetSaved = `
  with forgotten as (
    delete from saved_messages where user_id = $1 and message_id in (
      select message_id from saved_messages where user_id = $1 limit $2)
    returning 1)
  select count(*)::int as count from forgotten`;
// Of workspaces that were deleted: of others they ended with the memberships.
const forgetThreads = `
  with forgotten as (
    delete from thread_follows where (user_id, chat_id, root_id) in (
      select user_id, chat_id, root_id from thread_follows where user_id = $1 limit $2)
    returning 1)
  select count(*)::int as count from forgotten`;
const forgetSessions = `
  with forgotten as (
    update sessions set name = null, user_agent = null, ip = null where id in (
      select id from sessions where user_id = $1 and (name is not null or user_agent is not null or ip is not null) limit $2)
    returning 1)
  select count(*)::int as count from forgotten`;
const forgetAddresses = 'select audit_forget_addresses($1, $2) as count';

async function rowsOf({ pool }: Database, statement: string, userId: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(statement, [userId, ROWS_A_STATEMENT]);
  return rows[0]?.count ?? 0;
}
