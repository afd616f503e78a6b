import type { ChatRow, Event, Message } from '@fechatter/contract';
import type { State } from './state.ts';

/** What an event cannot say by itself: a chat or workspace that was never seen before must be read. */
export type Unread = { readonly chatId: string } | { readonly workspaceId: string } | undefined;

/**
 * Applies one event to what is known, in place. Events come in order and once; what is already newer (a read that ran
 * after the event) is left as it is, so applying from an older cursor does no harm.
 */
export function applyEvent(state: State, event: Event): Unread {
  if ('workspaceSeq' in event && event.workspaceSeq !== undefined) {
    const workspace = state.workspaces.get(event.workspaceId ?? '');
    if (workspace !== undefined && event.workspaceSeq > workspace.lastSeq)
      state.workspaces.set(workspace.id, { ...workspace, lastSeq: event.workspaceSeq });
  }
  switch (event.kind) {
    case 'ready':
    case 'reset':
      return undefined;
    case 'message.created':
    case 'message.updated':
      return change(state, event, (chat) => withMessage(state, chat, event.message));
    case 'message.deleted':
      return change(state, event, (chat) =>
        chat.lastMessage?.id === event.messageId
          ? { ...chat, lastMessage: { ...chat.lastMessage, content: '', deletedAt: event.deletedAt } }
          : chat,
      );
    case 'chat.created':
      return state.chats.has(event.chatId) ? undefined : { chatId: event.chatId };
    case 'chat.updated':
      return change(state, event, (chat) => (event.chat.version > chat.version ? { ...chat, ...event.chat } : chat));
    case 'chat.purged':
      return { chatId: event.chatId };
    case 'chat.deleted':
      return dropChat(state, event.chatId);
    case 'chat.read':
      return change(state, event, (chat) => {
        if (event.lastReadSeq < chat.lastReadSeq) return chat;
        return withRead(chat, event.lastReadSeq, event.lastReadNumber);
      });
    case 'member.joined':
      if (event.user.id === state.userId) return { chatId: event.chatId };
      state.members.get(event.chatId)?.set(event.user.id, { user: event.user, role: event.role });
      return change(state, event, (chat) => chat);
    case 'member.left':
      if (event.userId === state.userId) return dropChat(state, event.chatId);
      state.members.get(event.chatId)?.delete(event.userId);
      return change(state, event, (chat) => chat);
    case 'member.updated':
      changeRole(state, event.chatId, event.userId, event.role);
      return change(state, event, (chat) => (event.userId === state.userId ? { ...chat, role: event.role } : chat));
    case 'workspace.updated': {
      const workspace = state.workspaces.get(event.workspaceId);
      if (workspace !== undefined)
        state.workspaces.set(workspace.id, { ...workspace, ...event.workspace, lastSeq: workspace.lastSeq });
      return undefined;
    }
    case 'workspace.deleted':
      return dropWorkspace(state, event.workspaceId);
    case 'workspace.memberJoined':
      if (event.user.id === state.userId) return { workspaceId: event.workspaceId };
      state.members.get(event.workspaceId)?.set(event.user.id, { user: event.user, role: event.role });
      return undefined;
    case 'workspace.memberLeft':
      if (event.userId === state.userId) return dropWorkspace(state, event.workspaceId);
      state.members.get(event.workspaceId)?.delete(event.userId);
      return undefined;
    case 'workspace.memberUpdated': {
      changeRole(state, event.workspaceId, event.userId, event.role);
      const workspace = state.workspaces.get(event.workspaceId);
      if (workspace !== undefined && event.userId === state.userId)
        state.workspaces.set(workspace.id, { ...workspace, role: event.role });
      return undefined;
    }
    case 'user.updated':
      renameUser(state, event.user);
      return undefined;
    case 'session.revoked':
      return undefined;
    default:
      event satisfies never;
      return undefined;
  }
}

function change(
  state: State,
  event: { readonly chatId: string; readonly seq?: number },
  next: (chat: ChatRow) => ChatRow,
): undefined {
  const chat = state.chats.get(event.chatId);
  if (chat === undefined) return;
  const changed = next(chat);
  state.chats.set(chat.id, { ...changed, lastSeq: Math.max(changed.lastSeq, event.seq ?? 0) });
}

function withMessage(state: State, chat: ChatRow, message: Message): ChatRow {
  const { id, number, content, createdAt, deletedAt, sender, seq } = message;
  const isOwn = sender.id === state.userId && number > chat.lastReadNumber;
  const seen = isOwn ? withRead(chat, Math.max(chat.lastReadSeq, seq), number) : chat;
  const isNewest = number >= (chat.lastMessage?.number ?? 0);
  const lastMessage = { id, number, content, senderId: sender.id, senderName: sender.name, createdAt, deletedAt };
  const lastNumber = Math.max(chat.lastNumber, number);
  return {
    ...seen,
    lastNumber,
    lastMessage: isNewest ? lastMessage : chat.lastMessage,
    unreadCount: lastNumber - seen.lastReadNumber,
  };
}

function withRead(chat: ChatRow, lastReadSeq: number, lastReadNumber: number): ChatRow {
  return { ...chat, lastReadSeq, lastReadNumber, unreadCount: Math.max(0, chat.lastNumber - lastReadNumber) };
}

function changeRole(state: State, of: string, userId: string, role: ChatRow['role']): void {
  const members = state.members.get(of);
  const member = members?.get(userId);
  if (member !== undefined && role !== null) members?.set(userId, { ...member, role });
}

function renameUser(state: State, user: Extract<Event, { kind: 'user.updated' }>['user']): void {
  for (const members of state.members.values()) {
    const member = members.get(user.id);
    if (member !== undefined) members.set(user.id, { ...member, user });
  }
  for (const chat of state.chats.values()) {
    const { lastMessage } = chat;
    const name = chat.otherUserId === user.id ? user.name : chat.name;
    const isSender = lastMessage?.senderId === user.id;
    if (name === chat.name && !isSender) continue;
    state.chats.set(chat.id, {
      ...chat,
      name,
      lastMessage: isSender ? { ...lastMessage, senderName: user.name } : lastMessage,
    });
  }
}

function dropChat(state: State, chatId: string): undefined {
  state.chats.delete(chatId);
  state.members.delete(chatId);
}

function dropWorkspace(state: State, workspaceId: string): undefined {
  state.workspaces.delete(workspaceId);
  state.members.delete(workspaceId);
  for (const chat of state.chats.values()) if (chat.workspaceId === workspaceId) dropChat(state, chat.id);
}
