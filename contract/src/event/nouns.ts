import type { Chat } from '../chat/chat.ts';
import type { ChatPreferences } from '../chat/notifications.ts';
import type { ReadMark } from '../chat/read-mark.ts';
import type { File } from '../file/shown-file.ts';
import type { WireMessage } from '../message/message.ts';
import type { ThreadMark } from '../thread/thread.ts';
import type { Preferences } from '../user/preferences.ts';
import type { MemberUser } from '../user/user.ts';
import type { WorkspaceProfile } from '../workspace/workspace.ts';

/**
 * What an event can show in addition to its references and facts: read when it is delivered, the same for all its
 * readers.
 */
export interface Nouns {
  /** `thread` is that of the message or, if it is a reply, that of its root: {@link withThread} distinguishes them. */
  message: WireMessage;
  chat: Chat;
  file: File;
  user: MemberUser;
  workspace: WorkspaceProfile;
  /** How far the person whom the event is for has read its chat. */
  mark: ReadMark;
  /** What that person has chosen for its chat. */
  chatPreferences: ChatPreferences;
  /** What that person has chosen for themselves. */
  preferences: Preferences;
  /** How far the person whom the event is for has read a thread. */
  threadMark: ThreadMark;
}
export type NounName = keyof Nouns;
