import { ChatRow, NotificationsSet } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { authorizeChat } from '../access/authorize-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { makeChange } from '../change/change.ts';
import { readChat } from './chat-row.ts';

export const setNotifications = inChat('chat.setNotifications', 'write')
  .input(NotificationsSet)
  .output(ChatRow)
  .meta({
    openapi: {
      method: 'PATCH',
      path: '/chats/{chat_id}/notifications',
      summary: 'Set what notifies you in a chat',
      description:
        '`level`: `All` messages, `Mentions`, or `Nothing`; null is the default. `muted_for_seconds`: how long nothing ' +
        'notifies you, at most a year; null ends it. A missing key changes nothing. For you alone, on all of your ' +
        'devices, until you leave the chat.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'not_a_member'],
    },
  })
  .mutation(async ({ ctx, input: { chatId, level, mutedForSeconds } }) => {
    const { userId } = ctx.principal;
    await makeChange(ctx, async (change) => {
      const { isMember } = await authorizeChat(change.tx, userId, chatId, 'chat.setNotifications');
      if (!isMember) throw refuse('not_a_member');
      const toLevel = level === undefined ? sql`m.notify_level` : sql`${level}::notify_level`;
      const until = sql`clock_timestamp() + make_interval(secs => ${mutedForSeconds ?? null}::int)`;
      const toMuted = mutedForSeconds === undefined ? sql`m.muted_until` : until;
      const { rowCount } = await change.tx.execute(sql`
        update chat_members m set notify_level = ${toLevel}, muted_until = ${toMuted}
        where m.chat_id = ${chatId} and m.user_id = ${userId} and m.left_seq is null
          and (m.notify_level is distinct from ${toLevel} or m.muted_until is distinct from ${toMuted})`);
      if (rowCount !== 0) change.announceToUser(userId, 'chat.preferences', { chatId });
    });
    return readChat(ctx.deps, userId, chatId);
  });
