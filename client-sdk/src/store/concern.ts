import type { Event } from '../events/event.ts';

/** The part of an event that must be applied again to the result of a read; undefined: nothing. */
export type Concern = (event: Event) => Event | undefined;

/** Events that concern some chats: their own events, and changes of people's names. */
export const inChats =
  (isIn: (chatId: string) => boolean): Concern =>
  (event) =>
    'chatId' in event && isIn(event.chatId) ? event : renaming(event);

export const inChat = (chatId: string): Concern => inChats((id) => id === chatId);

export const inWorkspace =
  (workspaceId: string): Concern =>
  (event) =>
    !('chatId' in event) && 'workspaceId' in event && event.workspaceId === workspaceId ? event : renaming(event);

/** Changes of people's names. */
export const renaming: Concern = (event) => ('user' in event ? { kind: 'user.updated', user: event.user } : undefined);

/** The person is not in it any more. */
export const endsWorkspace = (event: Event, userId: string): boolean =>
  event.kind === 'workspace.deleted' || (event.kind === 'workspace.memberLeft' && event.userId === userId);

export const endsChat = (event: Event, userId: string): boolean =>
  event.kind === 'chat.deleted' || (event.kind === 'member.left' && event.userId === userId);
