// Runs in the SDK unchanged: imports only types.
import type { Permission } from '../permissions.ts';

/** Short for all permissions of a kind. */
export const scopeGroups = ['read', 'write', 'manage'] as const;
export type ScopeGroup = (typeof scopeGroups)[number];

/** The group of each permission; null: no key has it. */
export const groupOfPermission = {
  'workspace.read': 'read',
  'workspace.update': 'manage',
  'workspace.delete': null,
  'workspace.leave': null,
  'workspace.setRole': 'manage',
  'workspace.removeMember': 'manage',
  'workspace.invite': 'manage',
  'workspace.readAuditLog': 'manage',
  'workspace.setRetention': 'manage',
  'workspace.claim': null,
  'workspace.decideClaim': null,
  'workspace.export': null,
  'bot.manage': null,
  'emoji.manage': 'manage',
  'chat.create': null,
  'chat.read': 'read',
  'chat.update': 'manage',
  'chat.archive': 'manage',
  'chat.delete': 'manage',
  'chat.addMembers': 'manage',
  'chat.manageWebhooks': null,
  'chat.setRole': 'manage',
  'chat.removeMember': 'manage',
  'chat.join': 'write',
  'chat.leave': 'write',
  'chat.setNotifications': 'write',
  'chat.markRead': 'write',
  'chat.setTyping': 'write',
  'thread.follow': 'write',
  'thread.markRead': 'write',
  'message.send': 'write',
  'message.react': 'write',
  'message.edit': 'write',
  'message.delete': 'write',
  'message.pin': 'write',
  'message.readers': 'read',
  'message.deleteOthers': 'manage',
} as const satisfies Record<Permission, ScopeGroup | null>;

/** Whether a key with these scopes may try what needs this permission. Its bot must have the permission too. */
export const mayWithScopes = (scopes: readonly string[], permission: Permission): boolean => {
  const group = groupOfPermission[permission];
  return group !== null && (scopes.includes(permission) || scopes.includes(group));
};

/**
 * Whether a key with these scopes may follow events. A stream shows people, workspaces, messages and what others have read: it
 * needs everything that `read` is short for.
 */
export const mayFollowWithScopes = (scopes: readonly string[]): boolean =>
  (Object.keys(groupOfPermission) as Permission[])
    .filter((permission) => groupOfPermission[permission] === 'read')
    .every((permission) => mayWithScopes(scopes, permission));
