import { TypingSet } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { readableChat } from '../access/readable-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { membersMaxOf } from '../signals/members-max.ts';

const MEMBERS_MAX = membersMaxOf('typing');

interface TypingRow {
  role: string | null;
  is_there: boolean;
  is_reply: boolean;
  may_send: boolean;
  is_small: boolean;
}

// Counts the members up to one over the maximum. People who cannot send here are not shown as typing.
const typingSql = `
  with scope as materialized (${readableChat('$1', '$2')})
  select scope.role,
    $3::uuid is null or root.id is not null as is_there, root.thread_id is not null as is_reply,
    (h.posting = 'All' or (h.posting = 'Admins' and (scope.role >= 'Admin' or (h.chat_type = 'PublicChannel' and exists (
      select from live_workspace_members w
      where w.workspace_id = h.workspace_id and w.user_id = $1::uuid and w.role >= 'Admin'))))) and not (h.chat_type = 'Single' and exists (
      select from live_chat_members o join blocks b on b.user_id = o.user_id and b.blocked_id = $1::uuid
      where o.chat_id = scope.chat_id)) as may_send,
    (select count(*) from (
      select from live_chat_members p where p.chat_id = scope.chat_id limit ${MEMBERS_MAX + 1}) counted) <= ${MEMBERS_MAX} as is_small
  from scope join chat_heads h on h.chat_id = scope.chat_id
  left join messages root on root.id = $3::uuid and root.chat_id = scope.chat_id and root.deleted_at is null`;

export const setTyping = inChat('chat.setTyping', 'signal')
  .input(TypingSet)
  .output(z.void())
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats/{chat_id}/typing',
      successStatus: 204,
      summary: 'Show that you are typing',
      description:
        'The other members receive the signal `typing`, at most once in 3 seconds; repeat it every few seconds while ' +
        'you type. Clients stop showing it after 10 seconds, when you send `is_typing: false`, or when your message ' +
        'arrives. No signal is sent in chats with more than 100 members, or where you cannot send.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'not_a_member', 'message_not_found', 'not_a_root'],
    },
  })
  .mutation(async ({ ctx: { deps, principal }, input: { chatId, threadId = null, isTyping } }) => {
    const { userId } = principal;
    const { rows } = await deps.db.pool.query<TypingRow>({
      name: 'chat-set-typing',
      text: typingSql,
      values: [userId, chatId, threadId],
    });
    const [row] = rows;
    if (row === undefined) throw refuse('chat_not_found');
    if (row.role === null) throw refuse('not_a_member');
    if (!row.is_there) throw refuse('message_not_found');
    if (row.is_reply) throw refuse('not_a_root');
    if (row.may_send && row.is_small)
      deps.signals.publishCounted({ kind: 'typing', chatId, threadId, userId, isTyping });
  });
