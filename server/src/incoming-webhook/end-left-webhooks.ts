import { makeChange } from '../change/change.ts';
import type { Deps } from '../deps.ts';
import { endMembershipOrBot } from '../membership/end-bots.ts';

const READ_MAX = 100;

/**
 * Ends the bots of incoming webhooks that are not in their chat any more, because they were removed from it or it was
 * deleted, and those whose maker left the workspace or, unless anybody can join it, the chat: the address does not work since then, and now the bot leaves too.
 */
export async function endLeftWebhooks(deps: Pick<Deps, 'db' | 'notifier'>, signal: AbortSignal): Promise<void> {
  for (let count = READ_MAX; count === READ_MAX; ) {
    const { rows } = await deps.db.pool.query<{ workspace_id: string; user_id: string }>(
      `select i.workspace_id, i.user_id from incoming_webhooks i
       join chats c on c.id = i.chat_id
       where not exists (select from live_chat_members m where m.chat_id = i.chat_id and m.user_id = i.user_id)
         or c.chat_type <> 'PublicChannel' and not exists (
           select from live_chat_members o where o.chat_id = i.chat_id and o.user_id = i.created_by)
         or not exists (
           select from live_workspace_members w where w.workspace_id = i.workspace_id and w.user_id = i.created_by)
       order by i.id limit $1`,
      [READ_MAX],
    );
    for (const { workspace_id: workspaceId, user_id: userId } of rows) {
      if (signal.aborted) return;
      await makeChange({ deps }, async (change) => {
        await change.lockWorkspaces([workspaceId]);
        await endMembershipOrBot(change, workspaceId, userId);
      });
    }
    count = rows.length;
  }
}
