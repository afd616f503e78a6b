import { z } from 'zod';
import { ChatType } from '../chat/chat.ts';
import { Id } from '../ids.ts';
import { limits } from '../limits.ts';
import { ChatRole, Role } from '../member/role.ts';
import { AvatarUrl, Content, Email, ExternalId, MessageData, Name } from '../text.ts';

/** What the key of an app's server may do. */
export const ServiceScope = z.enum(['users', 'sessions', 'workspaces', 'chats', 'messages']);
export type ServiceScope = z.infer<typeof ServiceScope>;

/** People, workspaces and chats are named by what the app calls them. */
export const ExternalUser = z.object({ externalId: ExternalId });
/** A missing key leaves its value unchanged, and null removes it. */
export const UserUpsert = ExternalUser.extend({
  fullName: Name,
  avatarUrl: AvatarUrl.nullable().optional(),
  email: Email.nullable().optional(),
});
export type UserUpsert = z.infer<typeof UserUpsert>;

export const WorkspaceUpsert = z.object({ externalId: ExternalId, name: Name });

/** `add`: people who are not named stay. `replace`: their memberships end. */
export const MembersMode = z.enum(['add', 'replace']);
export const MembersSet = z.object({
  workspace: ExternalId,
  members: z.array(z.object({ externalId: ExternalId, role: Role })).max(limits.externalMembersMax),
  mode: MembersMode,
});
export type MembersSet = z.infer<typeof MembersSet>;
/** How many memberships began, got another role, and ended. */
export const MembersChanged = z.object({
  added: z.int().nonnegative(),
  changed: z.int().nonnegative(),
  removed: z.int().nonnegative(),
});
export type MembersChanged = z.infer<typeof MembersChanged>;

/** `mode` is `add` if it is missing; see {@link MembersMode}. */
export const ChatUpsert = z.object({
  externalId: ExternalId,
  workspace: ExternalId,
  name: Name,
  chatType: ChatType,
  members: z.array(z.object({ externalId: ExternalId, role: ChatRole })).max(limits.chatMembersMax),
  mode: MembersMode.optional(),
});
export type ChatUpsert = z.infer<typeof ChatUpsert>;

/** `as`: the person who sends; a member of the chat. */
export const ExternalSend = z.object({
  as: ExternalId,
  chat: ExternalId,
  content: Content,
  clientId: Id.optional(),
  data: MessageData.optional(),
});
