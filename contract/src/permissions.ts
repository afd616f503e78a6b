// Runs in the SDK unchanged: imports only types of schemas.
import type { ChatRole, Role } from './member/role.ts';
import { roles } from './member/roles.ts';
import type { ChatType } from './chat/chat.ts';

/**
 * Who has a permission in a chat: members with at least this role. `Reader`: everyone who can see the chat, in a public
 * channel also people who are not members, except Guests. `Former`: members and former members, so that leaving again is
 * no error.
 */
export type ChatStanding = ChatRole | 'Reader' | 'Former';

interface ChatRule {
  readonly scope: 'chat';
  readonly role: ChatStanding;
  /** The lowest role in channels, where that is higher. */
  readonly roleInChannels?: ChatRole;
  /** Refused in a Single chat, whatever the role (`single_chat_fixed`). */
  readonly refusesSingle?: true;
  /** Not allowed in an archived chat (`chat_archived`). */
  readonly refusesArchived?: true;
}
interface WorkspaceRule {
  readonly scope: 'workspace';
  readonly role: Role;
}

/**
 * Every permission in a workspace or a chat, and the lowest role that has it. In public channels, Admins and Owners of
 * the workspace have the rights of those of the channel. A procedure names its permission; the server checks it under
 * the lock of what it changes. Further rules about the target (the caller's own message, members below the caller's
 * role) are in the procedure.
 */
export const permissions = {
  'workspace.read': { scope: 'workspace', role: 'Guest' },
  'workspace.update': { scope: 'workspace', role: 'Admin' },
  'workspace.delete': { scope: 'workspace', role: 'Owner' },
  'workspace.leave': { scope: 'workspace', role: 'Guest' },
  'workspace.setRole': { scope: 'workspace', role: 'Admin' },
  'workspace.removeMember': { scope: 'workspace', role: 'Admin' },
  'workspace.invite': { scope: 'workspace', role: 'Admin' },
  'workspace.readAuditLog': { scope: 'workspace', role: 'Owner' },
  'workspace.setRetention': { scope: 'workspace', role: 'Owner' },
  'workspace.claim': { scope: 'workspace', role: 'Guest' },
  'workspace.decideClaim': { scope: 'workspace', role: 'Owner' },
  'workspace.export': { scope: 'workspace', role: 'Owner' },
  'bot.manage': { scope: 'workspace', role: 'Admin' },
  'emoji.manage': { scope: 'workspace', role: 'Admin' },
  'chat.create': { scope: 'workspace', role: 'Member' },
  'chat.read': { scope: 'chat', role: 'Reader' },
  'chat.update': { scope: 'chat', role: 'Admin', refusesSingle: true },
  'chat.archive': { scope: 'chat', role: 'Admin', refusesSingle: true },
  'chat.delete': { scope: 'chat', role: 'Owner', refusesSingle: true },
  'chat.addMembers': { scope: 'chat', role: 'Admin', refusesSingle: true, refusesArchived: true },
  'chat.manageWebhooks': { scope: 'chat', role: 'Admin', refusesSingle: true },
  'chat.setRole': { scope: 'chat', role: 'Admin', refusesSingle: true },
  'chat.removeMember': { scope: 'chat', role: 'Admin', refusesSingle: true },
  'chat.join': { scope: 'chat', role: 'Reader', refusesArchived: true },
  'chat.leave': { scope: 'chat', role: 'Former', refusesSingle: true },
  'chat.setNotifications': { scope: 'chat', role: 'Member' },
  'chat.markRead': { scope: 'chat', role: 'Member' },
  'chat.setTyping': { scope: 'chat', role: 'Member' },
  'thread.follow': { scope: 'chat', role: 'Member' },
  'thread.markRead': { scope: 'chat', role: 'Member' },
  'message.send': { scope: 'chat', role: 'Member', refusesArchived: true },
  'message.react': { scope: 'chat', role: 'Member', refusesArchived: true },
  'message.edit': { scope: 'chat', role: 'Member', refusesArchived: true },
  'message.delete': { scope: 'chat', role: 'Member' },
  'message.pin': { scope: 'chat', role: 'Member', roleInChannels: 'Admin', refusesArchived: true },
  'message.readers': { scope: 'chat', role: 'Member' },
  'message.deleteOthers': { scope: 'chat', role: 'Admin' },
} as const satisfies Record<string, ChatRule | WorkspaceRule>;

export type Permission = keyof typeof permissions;
export type ChatPermission = {
  [P in Permission]: (typeof permissions)[P]['scope'] extends 'chat' ? P : never;
}[Permission];
export type WorkspacePermission = Exclude<Permission, ChatPermission>;

/**
 * Whether a role has a permission, so that an app can decide what to show; the service checks it again. Null: not a
 * member. For a public channel, pass the higher one of the roles in the chat and the workspace: a Guest who is not in
 * it cannot see it. Pass the type of the chat for permissions that need a higher role in channels; without it, the role
 * for groups applies. It does not know what is fixed in a Single chat.
 */
export function allows(permission: Permission, role: Role | null, chatType?: ChatType): boolean {
  const rule: ChatRule | WorkspaceRule = permissions[permission];
  const needed = rule.scope === 'chat' ? standingNeeded(rule, chatType) : rule.role;
  if (needed === 'Former') return true;
  if (needed === 'Reader') return role !== 'Guest';
  return role !== null && roles.indexOf(role) >= roles.indexOf(needed);
}

/** Who has a permission in a chat of this type. */
export const standingNeeded = ({ role, roleInChannels }: ChatRule, chatType?: ChatType): ChatStanding =>
  (chatType === 'PublicChannel' || chatType === 'PrivateChannel' ? roleInChannels : undefined) ?? role;

/** The rule of a chat's permission. */
export const chatRuleOf = (permission: ChatPermission): ChatRule => permissions[permission];
