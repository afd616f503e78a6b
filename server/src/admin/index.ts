import { createSession } from './create-session.ts';
import { eraseUser } from './erase-user.ts';
import { reactivateUser } from './reactivate-user.ts';
import { sendMessage } from './send-message.ts';
import { setMembers } from './set-members.ts';
import { suspendUser } from './suspend-user.ts';
import { upsertChat } from './upsert-chat.ts';
import { upsertUser } from './upsert-user.ts';
import { upsertWorkspace } from './upsert-workspace.ts';

export const admin = {
  /** Creates or changes one of the app's people. */
  upsertUser,
  /** Opens a session for one of the app's people. */
  createSession,
  /** Suspends a person: their sessions and invitations end. */
  suspendUser,
  /** Ends a suspension. */
  reactivateUser,
  /** Erases a person. */
  eraseUser,
  /** Creates or renames a workspace. */
  upsertWorkspace,
  /** Sets the members of a workspace and their roles. */
  setMembers,
  /** Creates or changes a chat and its members. */
  upsertChat,
  /** Sends a message as one of the app's people. */
  sendMessage,
};
