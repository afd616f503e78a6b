import type pg from 'pg';
import { type Build, thisBuild } from './build.ts';
import { connectClient, type DatabaseOptions } from './connection.ts';
import { grantRights } from './rights/grant-rights.ts';
import { serviceRoles, type ServiceRole } from './rights/rights-table.ts';
import { functionState } from './sql-in-force.ts';

/** The passwords of the roles. That of imports is made only if it has one. */
export type ServiceRoles = Readonly<Record<'server' | 'notify' | 'worker', string>> & { readonly importer?: string };

type Connection = Pick<pg.ClientBase, 'query'>;

const takeTurn = (client: Connection) => client.query(`select pg_advisory_xact_lock(hashtext('fechatter.roles'))`);

/**
 * Makes a role of least rights for each service, or updates its rights (see `rights/`). Rights of a newer release stay.
 * Needs a connection of the tables' owner.
 */
export async function grantServiceRoles(
  owner: DatabaseOptions,
  passwords: ServiceRoles,
  build: Build = thisBuild,
): Promise<void> {
  const client = await connectClient(owner);
  try {
    await client.query('begin');
    await takeTurn(client);
    const made: ServiceRole[] = [];
    for (const role of serviceRoles) {
      const password = passwords[role.replace('fechatter_', '') as keyof ServiceRoles];
      if (password === undefined) continue;
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
      const verb = rowCount === 0 ? 'create' : 'alter';
      await client.query(`${verb} role ${role} login password ${client.escapeLiteral(password)}`);
      made.push(role);
    }
    if ((await functionState(client, build)) !== 'newer') await grantRights(client, made);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

/**
 * Grants this build's rights to roles that have had rights here before: after an upgrade they have none on new tables,
 * and PUBLIC has rights on new functions. Runs in the migration's transaction.
 */
export async function regrantServiceRoles(client: Connection): Promise<void> {
  await takeTurn(client);
  const { rows } = await client.query<{ role: ServiceRole }>(
    `select r.rolname as role from pg_roles r
     where r.rolname = any ($1) and exists (
       select from pg_namespace n, aclexplode(n.nspacl) a where n.nspname = 'public' and a.grantee = r.oid)
     order by 1`,
    [serviceRoles],
  );
  if (rows.length > 0)
    await grantRights(
      client,
      rows.map(({ role }) => role),
    );
}
