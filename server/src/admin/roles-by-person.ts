import { refuse } from '@fechatter/service-kit';

/** The roles by the ids of people. Refuses a list with one person twice, because the roles would be ambiguous. */
export function rolesByPerson<R>(
  members: readonly { readonly externalId: string; readonly role: R }[],
  people: ReadonlyMap<string, string>,
): ReadonlyMap<string, R> {
  const roles = new Map<string, R>();
  for (const [index, { externalId, role }] of members.entries()) {
    const userId = people.get(externalId) ?? '';
    if (roles.has(userId))
      throw refuse('invalid_input', {
        issues: [{ path: ['members', index, 'externalId'], message: 'is named twice', code: 'custom' }],
      });
    roles.set(userId, role);
  }
  return roles;
}
