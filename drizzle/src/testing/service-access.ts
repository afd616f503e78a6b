import type { DatabaseOptions } from '../connection.ts';
import type { ServiceRoles } from '../service-roles.ts';

/** The passwords of the services' roles in the cluster of a test run. */
export const rolePasswords = {
  server: 'of the server',
  notify: 'of notify',
  worker: 'of the worker',
  importer: 'of the importer',
} as const satisfies ServiceRoles;

/** The access to a test's database that a service, or an import, has in production: as its own role, with exactly its rights. */
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
