import { allows as isAllowed } from '@fechatter/contract/permissions';
import type { Permission, Role } from './wire.ts';

/**
 * Whether someone with this role may do it, for what an app shows; the service judges anew. Give the role that the
 * permission is about: `chat.role` for what begins with `chat.` or `message.`, else `workspace.role` (also for
 * `chat.create`); null for who is not a member. In public channels the higher one of both counts. A Single chat refuses
 * changes of its name, its members and its existence whatever the role.
 */
export const allows = (role: Role | null, permission: Permission): boolean => isAllowed(permission, role);
