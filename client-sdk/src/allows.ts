import { allows as isAllowed } from '@fechatter/contract/permissions';
import type { ChatType, Permission, Role } from './wire.ts';

/**
 * Whether a role has a permission, so that an app can decide what to show; the service checks it again. Pass the role
 * that the permission is about: `chat.role` for permissions that begin with `chat.` or `message.`, else
 * `workspace.role` (also for `chat.create`), and null for a person who is not a member. In a public channel pass the
 * higher one of the two. Pinning takes a higher role in channels than in groups: pass the type of the chat too. Whatever
 * the role, a Single chat cannot be renamed or deleted, and its members cannot change.
 */
export const allows = (role: Role | null, permission: Permission, chatType?: ChatType): boolean =>
  isAllowed(permission, role, chatType);
