import type { Role } from '../wire.ts';
import { changeChat, chatRows, dropChat } from './chat.ts';
import { peopleOf } from './guest-view.ts';
import type { Reducers } from './reducer.ts';
import type { KnownMember } from './state.ts';
import { renameUser } from './user.ts';

export const memberReducers: Reducers<'member'> = {
  'member.joined'(known, { chatId, user, role, chat }) {
    renameUser(known, user);
    if (user.id === known.userId) return { chatId, ...peopleOf(known, chat) };
    // In a Single chat only an account joins that had claimed the placeholder there.
    const single = known.chats.get(chatId);
    if (single?.chatType === 'Single')
      known.chats.set(chatId, chatRows.patch(single, { otherUserId: user.id, name: user.name }));
    known.members.get(chatId)?.set(user.id, { user, role });
    return peopleOf(known, chat);
  },
  'member.left'(known, { chatId, userId }) {
    const people = peopleOf(known, known.chats.get(chatId));
    if (userId === known.userId) dropChat(known, chatId);
    known.members.get(chatId)?.delete(userId);
    return people;
  },
  'member.updated'(known, { chatId, seq, userId, role }) {
    changeRole(known.members.get(chatId), userId, role);
    if (userId !== known.userId) return undefined;
    return changeChat(known, chatId, (row) => chatRows.part(row, 'role', seq, { role }));
  },
};

/** A person has another role in a chat or workspace. */
export function changeRole(members: Map<string, KnownMember> | undefined, userId: string, role: Role): void {
  const member = members?.get(userId);
  if (member !== undefined) members?.set(userId, { ...member, role });
}
