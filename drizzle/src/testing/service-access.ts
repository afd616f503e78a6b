import type { DatabaseOptions } from '../connection.ts';
import type { ServiceRoles } from '../service-roles.ts';

/** The passwords of the services' roles in the cluster of a test run. */
export const rolePasswords: ServiceRoles = { server: 'of the server', notify: 'of notify', worker: 'of the worker' };

/** A database of a test as a service reaches it in production: as its own role, which may do what it must and no more. */
export function accessOf(
  database: Pick<DatabaseOptions, 'url' | 'applicationName'>,
  service: keyof ServiceRoles,
): DatabaseOptions {
  const url = Object.assign(new URL(database.url), {
    username: `fechatter_${service}`,
    password: rolePasswords[service],
  });
  return { url: url.href, applicationName: database.applicationName };
}
