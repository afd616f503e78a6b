import type { Role } from '@fechatter/contract';

const rank: Readonly<Record<Role, number>> = { Guest: 0, Member: 1, Admin: 2, Owner: 3 };

export const isAtLeast = (role: Role, needed: Role): boolean => rank[role] >= rank[needed];
export const isAbove = (role: Role, other: Role): boolean => rank[role] > rank[other];
export const higherOf = (role: Role, other: Role): Role => (isAtLeast(role, other) ? role : other);

/** You can change members whose role is below yours, and give at most your own role; Owners also lower Owners. */
export const mayChangeRole = (own: Role, from: Role, to: Role): boolean =>
  (own === 'Owner' || isAbove(own, from)) && isAtLeast(own, to);
