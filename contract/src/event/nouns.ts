import type { Chat } from '../chat/chat.ts';
import type { WireMessage } from '../message/message.ts';
import type { MemberUser } from '../user/user.ts';
import type { WorkspaceProfile } from '../workspace/workspace.ts';

/**
 * What an event can show in addition to its references and facts: read when it is delivered, the same for all its
 * readers.
 */
export interface Nouns {
  message: WireMessage;
  chat: Chat;
  user: MemberUser;
  workspace: WorkspaceProfile;
}
export type NounName = keyof Nouns;
