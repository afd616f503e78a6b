import { ChatRoleChange, Member } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { changeChat } from '../change/change-chat.ts';
import { mayChangeRole } from '../access/role.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { namedMembers } from './named-members.ts';
import { mustNotBeBot } from '../membership/must-not-be-bot.ts';
import { keepAnOwner, membershipOf } from '../membership/chat-memberships.ts';

export const setRole = inChat('chat.setRole', 'write')
  .input(ChatRoleChange)
  .output(Member)
  .meta({
    openapi: {
      method: 'PATCH',
      path: '/chats/{chat_id}/members/{user_id}',
      summary: 'Change a member’s role in a chat',
      description:
        'You can change members whose role is below yours, and give at most your own role. Owners can also lower ' +
        'Owners, including themselves, but the last Owner must stay Owner. In public channels, Admins and Owners of ' +
        'the workspace have the same rights as those of the channel. Guests of the workspace and bots stay Members.',
      tags: ['chat'],
      refusals: [
        'chat_not_found',
        'not_a_member',
        'role_too_low',
        'single_chat_fixed',
        'member_not_found',
        'last_owner',
        'guests_are_members',
        'bots_are_members',
      ],
    },
  })
  .mutation(async ({ ctx, input: { chatId, userId, role } }) => {
    // The person is held in the workspace: if they become a Guest meanwhile, that change finds their new role and
    // lowers it.
    await changeChat(ctx, chatId, { permission: 'chat.setRole', holding: [userId] }, async (tx, chat) => {
      const before = await membershipOf(tx, chat, userId);
      if (!mayChangeRole(chat.role, before.countsAs, role)) throw refuse('role_too_low');
      if (role !== 'Member' && chat.held.get(userId) === 'Guest') throw refuse('guests_are_members');
      if (before.role === role) return;
      await mustNotBeBot(tx, userId);
      if (before.role === 'Owner') await keepAnOwner(tx, chatId, userId);
      await tx.execute(sql`
        update chat_members set role = ${role} where chat_id = ${chatId} and user_id = ${userId} and left_seq is null`);
      chat.announce('member.updated', { subjectId: userId, facts: { role } });
      const details = { chatId, role, roleBefore: before.role };
      chat.change.note('chat.roleChanged', { workspaceId: chat.workspaceId, userId, details });
    });
    const [member] = await namedMembers(ctx.deps.db, chatId, [userId]);
    if (member === undefined) throw refuse('member_not_found');
    return member;
  });
