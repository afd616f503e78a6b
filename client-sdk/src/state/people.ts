import type { MemberUser, Role } from '../wire.ts';
import type { KnownMember, State } from './state.ts';

/** Someone has another role in a chat or workspace. */
export function changeRole(members: Map<string, KnownMember> | undefined, userId: string, role: Role): void {
  const member = members?.get(userId);
  if (member !== undefined) members?.set(userId, { ...member, role });
}

/** Someone is called otherwise, looks otherwise or was suspended: wherever they are shown. */
export function renameUser(state: State, user: MemberUser): undefined {
  for (const members of state.members.values()) {
    const member = members.get(user.id);
    if (member !== undefined && !isSame(member.user, user)) members.set(user.id, { ...member, user });
  }
  for (const chat of state.chats.values()) {
    const { lastMessage } = chat;
    const isOther = chat.otherUserId === user.id;
    const isSender = lastMessage?.senderId === user.id;
    if (!(isOther && chat.name !== user.name) && !(isSender && lastMessage.senderName !== user.name)) continue;
    state.chats.set(chat.id, {
      ...chat,
      name: isOther ? user.name : chat.name,
      lastMessage: isSender ? { ...lastMessage, senderName: user.name } : lastMessage,
    });
  }
}

const isSame = (a: MemberUser, b: MemberUser) =>
  a.name === b.name && a.avatarUrl === b.avatarUrl && a.status === b.status;

/** One is not in a chat any more. */
export function dropChat(state: State, chatId: string): undefined {
  state.chats.delete(chatId);
  state.members.delete(chatId);
}

/** One is not in a workspace any more, and so in none of its chats. */
export function dropWorkspace(state: State, workspaceId: string): undefined {
  state.workspaces.delete(workspaceId);
  state.members.delete(workspaceId);
  for (const chat of state.chats.values()) if (chat.workspaceId === workspaceId) dropChat(state, chat.id);
}
