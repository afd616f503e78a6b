import type { Role } from '@fechatter/client';

/** From the lowest to the highest. */
const roles = ['Member', 'Admin', 'Owner'] as const satisfies readonly Role[];

export const rankOf = (role: Role | null): number => (role === null ? -1 : roles.indexOf(role));

/** Those that someone of this role may give: at most one's own. */
export const rolesUpTo = (role: Role): readonly Role[] => roles.filter((one) => rankOf(one) <= rankOf(role));

export const roleOf = (text: string): Role => roles.find((one) => one === text) ?? 'Member';
