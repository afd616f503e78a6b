import { codeOf, type LoggedEventKind } from '@fechatter/contract';

/** The code of a kind in the log. */
export const codeOfKind = (kind: LoggedEventKind): number => codeOf(kind);

const plainKinds: Readonly<Record<string, LoggedEventKind>> = {
  message: 'message.created',
  message_updated: 'message.updated',
  message_reacted: 'message.reacted',
  message_pinned: 'message.pinned',
  message_unpinned: 'message.unpinned',
  file_update: 'file.updated',
  message_saved: 'message.saved',
  message_unsaved: 'message.unsaved',
  message_deleted: 'message.deleted',
  'chat_update created': 'chat.created',
  'chat_update name_changed': 'chat.updated',
  'chat_update topic_changed': 'chat.updated',
  'chat_update posting_changed': 'chat.updated',
  'chat_update archived': 'chat.updated',
  'chat_update unarchived': 'chat.updated',
  'chat_update deleted': 'chat.deleted',
  'chat_update purged': 'chat.purged',
  'chat_update member_joined': 'member.joined',
  'chat_update member_left': 'member.left',
  'chat_update member_updated': 'member.updated',
  chat_read: 'chat.read',
  thread_read: 'thread.read',
  chat_preferences: 'chat.preferences',
  user_preferences: 'user.preferences',
  'workspace_update updated': 'workspace.updated',
  'workspace_update deleted': 'workspace.deleted',
  'workspace_update member_joined': 'workspace.memberJoined',
  'workspace_update member_left': 'workspace.memberLeft',
  'workspace_update member_updated': 'workspace.memberUpdated',
  emoji_update: 'emoji.updated',
  user_update: 'user.updated',
  session_revoked: 'session.revoked',
};

/** The code of a plain event; 0 for an unknown one. */
export function codeOfPlain(event: string, type: string | undefined): number {
  const kind = plainKinds[type === undefined ? event : `${event} ${type}`];
  return kind === undefined ? 0 : codeOf(kind);
}
