// Runs in the SDK as it is: of schemas it takes the types alone.
import type { Role } from './member/role.ts';
import { roles } from './member/roles.ts';

/**
 * Who may do something in a chat: members with at least this role; `Reader`: everyone who may see the chat, in a public
 * channel from outside too; `Former`: they, and people who were in it before, so that leaving again is no error.
 */
export type ChatStanding = Role | 'Reader' | 'Former';

interface ChatRule {
  readonly scope: 'chat';
  readonly role: ChatStanding;
  /** Nobody may do it in a Single chat, whatever the role (`single_chat_fixed`). */
  readonly refusesSingle?: true;
}
interface WorkspaceRule {
  readonly scope: 'workspace';
  readonly role: Role;
}

/**
 * What people may do in a workspace or a chat, by name, and the least role that it takes there. In public channels
 * Admins and Owners of the workspace count as such. A procedure names its permission; the server judges it under the
 * lock of what is changed. What a rule about whom it is done to adds (the caller's own message, members below the caller's role)
 * stands with the procedure.
 */
export const permissions = {
  'workspace.read': { scope: 'workspace', role: 'Member' },
  'workspace.update': { scope: 'workspace', role: 'Admin' },
  'workspace.delete': { scope: 'workspace', role: 'Owner' },
  'workspace.leave': { scope: 'workspace', role: 'Member' },
  'workspace.setRole': { scope: 'workspace', role: 'Admin' },
  'workspace.removeMember': { scope: 'workspace', role: 'Admin' },
  'workspace.invite': { scope: 'workspace', role: 'Admin' },
  'workspace.readAuditLog': { scope: 'workspace', role: 'Owner' },
  'workspace.setRetention': { scope: 'workspace', role: 'Owner' },
  'workspace.export': { scope: 'workspace', role: 'Owner' },
  'chat.create': { scope: 'workspace', role: 'Member' },
  'chat.read': { scope: 'chat', role: 'Reader' },
  'chat.rename': { scope: 'chat', role: 'Admin', refusesSingle: true },
  'chat.delete': { scope: 'chat', role: 'Owner', refusesSingle: true },
  'chat.addMembers': { scope: 'chat', role: 'Admin', refusesSingle: true },
  'chat.setRole': { scope: 'chat', role: 'Admin', refusesSingle: true },
  'chat.removeMember': { scope: 'chat', role: 'Admin', refusesSingle: true },
  'chat.join': { scope: 'chat', role: 'Reader' },
  'chat.leave': { scope: 'chat', role: 'Former', refusesSingle: true },
  'chat.markRead': { scope: 'chat', role: 'Member' },
  'message.send': { scope: 'chat', role: 'Member' },
  'message.react': { scope: 'chat', role: 'Member' },
  'message.edit': { scope: 'chat', role: 'Member' },
  'message.delete': { scope: 'chat', role: 'Member' },
  'message.readers': { scope: 'chat', role: 'Member' },
  'message.deleteOthers': { scope: 'chat', role: 'Admin' },
} as const satisfies Record<string, ChatRule | WorkspaceRule>;

export type Permission = keyof typeof permissions;
export type ChatPermission = {
  [P in Permission]: (typeof permissions)[P]['scope'] extends 'chat' ? P : never;
}[Permission];
export type WorkspacePermission = Exclude<Permission, ChatPermission>;

/**
 * Whether someone with this role may do it, for what an app shows; the service judges anew. Null: not a member. Of a
 * public channel give the higher one of the roles in chat and workspace. Whether a chat is Single is yours to know.
 */
export function allows(permission: Permission, role: Role | null): boolean {
  const needed: ChatStanding = permissions[permission].role;
  if (needed === 'Reader' || needed === 'Former') return true;
  return role !== null && roles.indexOf(role) >= roles.indexOf(needed);
}

/** What a chat's permission asks for. */
export const chatRuleOf = (permission: ChatPermission): ChatRule => permissions[permission];
