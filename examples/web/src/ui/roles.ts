import type { ChatRole, Role } from '@fechatter/client';

/** From the lowest to the highest. */
const chatRoles = ['Member', 'Admin', 'Owner'] as const satisfies readonly ChatRole[];
const roles = ['Guest', ...chatRoles] as const satisfies readonly Role[];

export const rankOf = (role: Role | null): number => (role === null ? -1 : roles.indexOf(role));

/** The roles that a person with this role may give in a workspace: at most their own. */
export const rolesUpTo = (role: Role): readonly Role[] => roles.filter((one) => rankOf(one) <= rankOf(role));

/** The same in a chat: there are no Guests of a chat. */
export const chatRolesUpTo = (role: Role): readonly ChatRole[] =>
  chatRoles.filter((one) => rankOf(one) <= rankOf(role));

export const roleOf = (text: string): Role => roles.find((one) => one === text) ?? 'Member';
export const chatRoleOf = (text: string): ChatRole => chatRoles.find((one) => one === text) ?? 'Member';
