import type { WireThread } from '@fechatter/contract';
import { isListed, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { changeChat } from '../change/change-chat.ts';
import type { AuthedContext } from '../context.ts';
import { readThread } from './thread-row.ts';

interface Ref {
  readonly chatId: string;
  readonly rootId: string;
}

/**
 * Sets whether the caller follows a thread; unfollowing is stored too, until they reply or follow again. Runs under the
 * lock of the chat, so that every follower is a member. Repeating it changes nothing.
 */
export async function setFollowing(ctx: AuthedContext, ref: Ref, isFollowing: boolean): Promise<WireThread> {
  const { chatId, rootId } = ref;
  const { userId } = ctx.principal;
  await changeChat(ctx, chatId, 'thread.follow', async (tx, { isMember, workspaceId, change }) => {
    if (!isMember) throw refuse('not_a_member');
    await mustBeRoot(tx, ref);
    // A new follower has read everything so far.
    const { rows } = await tx.execute(sql`
      insert into thread_follows as f (user_id, chat_id, root_id, workspace_id, is_following, last_read_number, mark_version, mark_seq)
      select ${userId}, h.chat_id, ${rootId}, h.workspace_id, ${isFollowing},
        coalesce((select t.last_number from threads t where t.root_id = ${rootId}), 0), h.last_seq, h.last_seq
      from chat_heads h where h.chat_id = ${chatId}
      on conflict (user_id, chat_id, root_id) do update set is_following = excluded.is_following,
        last_read_number = greatest(f.last_read_number, excluded.last_read_number),
        mark_version = f.mark_version + 1, mark_seq = excluded.mark_seq
      where f.is_following <> excluded.is_following
      returning 1`);
    if (rows.length === 0) return;
    await tx.execute(sql`select bound_follows(${userId}::uuid, ${workspaceId}::uuid, ${rootId}::uuid)`);
    change.announceToUser(userId, 'thread.read', { chatId }, { subjectId: rootId });
  });
  return readThread(ctx.deps, userId, ref);
}

async function mustBeRoot(tx: Tx, { chatId, rootId }: Ref): Promise<void> {
  const { rows } = await tx.execute<{ is_reply: boolean; is_listed: boolean }>(sql`
    select m.thread_id is not null as is_reply, ${sql.raw(isListed)} as is_listed
    from messages m where m.id = ${rootId} and m.chat_id = ${chatId}`);
  if (rows[0] === undefined) throw refuse('message_not_found');
  if (rows[0].is_reply) throw refuse('not_a_root');
  if (!rows[0].is_listed) throw refuse('message_not_found');
}
