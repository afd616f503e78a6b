import type { Event } from '../events/event.ts';
import { withMessage, withRead, withoutContent } from './chat-row.ts';
import type { State } from './state.ts';
import { changeRole, dropChat, dropWorkspace, renameUser } from './people.ts';
import type { ChatRow, Workspace } from '../wire.ts';

/** What an event cannot say by itself: a chat or workspace that was never seen before must be read. */
export type Unread = { readonly chatId: string } | { readonly workspaceId: string } | undefined;

/**
 * Applies one event to what is known, in place: records are replaced, never changed. Events come in order; what a read
 * has already shown (it ran after the event) is left as it is, so applying from an older cursor does no harm.
 */
export function applyEvent(state: State, event: Event): Unread {
  const unread = applyNews(state, event);
  if ('workspaceSeq' in event && event.workspaceSeq !== undefined) raise(state, event.workspaceId, event.workspaceSeq);
  return unread;
}

function applyNews(state: State, event: Event): Unread {
  switch (event.kind) {
    case 'ready':
    case 'reset':
    case 'session.revoked':
      return undefined;
    case 'message.created':
    case 'message.updated':
      return change(state, event, (chat) => withMessage(chat, event.message, state.userId));
    case 'message.deleted':
      return change(state, event, (chat) => withoutContent(chat, event));
    case 'chat.created':
      return state.chats.has(event.chatId) ? undefined : { chatId: event.chatId };
    case 'chat.updated':
      return change(state, event, (chat) => (event.chat.version > chat.version ? { ...chat, ...event.chat } : chat));
    case 'chat.purged':
      return { chatId: event.chatId };
    case 'chat.deleted':
      return dropChat(state, event.chatId);
    case 'chat.read':
      return change(state, event, (chat) => withRead(chat, event));
    case 'user.updated':
      return renameUser(state, event.user);
    case 'member.joined':
    case 'member.left':
    case 'member.updated':
      return applyToMembers(state, event);
    default:
      return applyToWorkspace(state, event);
  }
}

function applyToMembers(
  state: State,
  event: Extract<Event, { kind: 'member.joined' | 'member.left' | 'member.updated' }>,
): Unread {
  const isMine = (event.kind === 'member.joined' ? event.user.id : event.userId) === state.userId;
  const members = state.members.get(event.chatId);
  switch (event.kind) {
    case 'member.joined':
      if (isMine) return { chatId: event.chatId };
      members?.set(event.user.id, { user: event.user, role: event.role });
      renameUser(state, event.user);
      return change(state, event, (chat) => chat);
    case 'member.left':
      if (isMine) return dropChat(state, event.chatId);
      members?.delete(event.userId);
      return change(state, event, (chat) => chat);
    default:
      changeRole(members, event.userId, event.role);
      return change(state, event, (chat) => (isMine ? { ...chat, role: event.role } : chat));
  }
}

function applyToWorkspace(state: State, event: Extract<Event, { kind: `workspace.${string}` }>): Unread {
  const { workspaceId } = event;
  const members = state.members.get(workspaceId);
  switch (event.kind) {
    case 'workspace.updated':
      return changeWorkspace(state, event, (workspace) => ({ ...workspace, ...event.workspace }));
    case 'workspace.deleted':
      return dropWorkspace(state, workspaceId);
    case 'workspace.memberJoined':
      if (event.user.id === state.userId) return { workspaceId };
      members?.set(event.user.id, { user: event.user, role: event.role });
      // Who is back may be called otherwise: nobody was told while they were away.
      return renameUser(state, event.user);
    case 'workspace.memberLeft':
      if (event.userId === state.userId) return dropWorkspace(state, workspaceId);
      members?.delete(event.userId);
      return undefined;
    case 'workspace.memberUpdated':
      changeRole(members, event.userId, event.role);
      if (event.userId !== state.userId) return undefined;
      return changeWorkspace(state, event, (workspace) => ({ ...workspace, role: event.role }));
    default:
      event satisfies never;
      return undefined;
  }
}

/** A row shows everything up to its lastSeq: it was read so, or raised event by event. */
function change(
  state: State,
  event: { readonly chatId: string; readonly seq?: number },
  next: (chat: ChatRow) => ChatRow,
): undefined {
  const chat = state.chats.get(event.chatId);
  if (chat === undefined || (event.seq !== undefined && event.seq <= chat.lastSeq)) return;
  const changed = next(chat);
  const lastSeq = event.seq ?? chat.lastSeq;
  if (changed !== chat || lastSeq !== chat.lastSeq) state.chats.set(chat.id, { ...changed, lastSeq });
}

function changeWorkspace(
  state: State,
  event: { readonly workspaceId: string; readonly workspaceSeq: number },
  next: (workspace: Workspace) => Workspace,
): undefined {
  const workspace = state.workspaces.get(event.workspaceId);
  if (workspace === undefined || event.workspaceSeq <= workspace.lastSeq) return;
  state.workspaces.set(workspace.id, { ...next(workspace), lastSeq: workspace.lastSeq });
}

function raise(state: State, workspaceId: string | undefined, lastSeq: number): void {
  const workspace = state.workspaces.get(workspaceId ?? '');
  if (workspace !== undefined && lastSeq > workspace.lastSeq)
    state.workspaces.set(workspace.id, { ...workspace, lastSeq });
}
