import type pg from 'pg';
import { serviceRights, type ServiceRole, tableRightsOf } from './rights-table.ts';

type Connection = Pick<pg.ClientBase, 'query'>;

/** Functions of extensions, which may have another owner, stay unchanged. */
const ownFunctions = `
  select oid::regprocedure::text as name from pg_proc
  where pronamespace = 'public'::regnamespace and pg_has_role(proowner, 'usage')
    and not exists (select from pg_depend d where d.objid = pg_proc.oid and d.deptype = 'e') order by 1`;

/** Revokes all rights of these roles, and of PUBLIC, in this database, and grants what the table of rights says. */
export async function grantRights(client: Connection, roles: readonly ServiceRole[]): Promise<void> {
  // Partitions that are made or dropped meanwhile would conflict.
  await client.query(`select pg_advisory_xact_lock(hashtext('fechatter.log_partitions'))`);
  const { rows } = await client.query<{ name: string }>(ownFunctions);
  const functions = rows.map(({ name }) => name).join(', ');
  const everybody = ['public', ...roles].join(', ');
  await client.query(`revoke all on schema public from ${everybody}`);
  // The owner of the tables need not own the database.
  const { rows: owned } = await client.query<{ name: string }>(
    `select quote_ident(datname) as name from pg_database where datname = current_database() and pg_has_role(datdba, 'usage')`,
  );
  for (const { name } of owned) await client.query(`revoke create on database ${name} from ${roles.join(', ')}`);
  // With the rights on columns, and of partitions.
  await client.query(`revoke all on all tables in schema public from ${everybody}`);
  await client.query(`revoke all on all sequences in schema public from ${everybody}`);
  await client.query(`revoke all on function ${functions} from ${everybody}`);
  // Default privileges would apply to the partitions that a function makes.
  for (const kind of ['tables', 'sequences'])
    for (const where of ['', 'in schema public '])
      await client.query(`alter default privileges ${where}revoke all on ${kind} from ${everybody}`);
  for (const role of roles) {
    await client.query(`grant usage on schema public to ${role}`);
    for (const { table, right, columns } of tableRightsOf(role))
      await client.query(`grant ${right}${columns === null ? '' : ` (${columns.join(', ')})`} on ${table} to ${role}`);
    await client.query(`grant execute on function ${serviceRights[role].functions.join(', ')} to ${role}`);
  }
}
