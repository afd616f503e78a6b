import type pg from 'pg';
import { connectClient, type DatabaseOptions } from './connection.ts';

/** The passwords of the roles. */
export type ServiceRoles = Readonly<Record<'server' | 'notify' | 'worker', string>>;

/** What each service may do; whatever is not here, it cannot. */
const grants = {
  fechatter_server: [
    'select, insert, update, delete on all tables in schema public',
    'usage, select on all sequences in schema public',
  ],
  fechatter_notify: [
    'select on all tables in schema public',
    'insert, delete on log_tick',
    'insert on log_order',
    'insert, update, delete on stream_tickets',
    'insert, update on rate_limits',
    'insert, update, delete on processes',
    'execute on function log_step(), log_sequence(), log_add_partitions(), log_prune(interval)',
  ],
  fechatter_worker: [
    'select on all tables in schema public',
    'insert on event_log, audit_log, log_tick, log_order, consumers, consumer_resets, maintenance_jobs, processes',
    'update (last_seq) on chat_heads, workspace_heads',
    'update (body, mac, version, parts, deleted_at) on messages',
    'update (name, request_mac, purged_seq, wiped_at) on chats',
    'update (role, left_seq) on chat_members, workspace_members',
    'update (wiped_at) on users',
    'update (user_agent, ip) on sessions',
    'update (revoked_at) on workspace_invites',
    'update on consumers, maintenance_jobs, processes',
    'delete on log_tick, sessions, stream_tickets, signing_keys, consumer_resets, processes, reactions',
    'execute on function log_step(), log_sequence(), log_add_partitions(), log_prune(interval)',
    'execute on function audit_prune(int, int), audit_forget_addresses(uuid, int)',
    'execute on function change_reaction(uuid, uuid, uuid, text, boolean, bigint)',
    'execute on function changed_reactions(jsonb, uuid, uuid, text, boolean, bigint), write_reactions(uuid, jsonb, jsonb, bigint)',
  ],
} as const;
type Role = keyof typeof grants;

/** What a service may not, though the lines above would give it to it. */
const refusals: Readonly<Partial<Record<Role, readonly string[]>>> = {
  fechatter_server: ['insert, update, delete on sql_files', 'update, delete on event_log, audit_log'],
  fechatter_notify: ['select on audit_log'],
};

/**
 * Makes a role of least rights for each service, or brings it up to date: the server changes rows and no tables,
 * notify reads, and writes the log's order, its own tickets and how many were taken; the worker takes away what has to go,
 * and tells of it. Takes a connection of the tables' owner.
 */
export async function grantServiceRoles(owner: DatabaseOptions, passwords: ServiceRoles): Promise<void> {
  const client = await connectClient(owner);
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtext('fechatter.roles'))`);
    await client.query('revoke all on schema public from public');
    for (const role of rolesOfServices) {
      const password = client.escapeLiteral(passwords[role.replace('fechatter_', '') as keyof ServiceRoles]);
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
      await client.query(`${rowCount === 0 ? 'create' : 'alter'} role ${role} login password ${password}`);
    }
    await grantRights(client, rolesOfServices);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

const rolesOfServices = Object.keys(grants) as readonly Role[];

/**
 * Gives the roles that were given rights here before those of this build: after an upgrade new tables and functions have
 * none of theirs, and new functions everybody's. Within the transaction of the migration.
 */
export async function regrantServiceRoles(client: Pick<pg.ClientBase, 'query'>): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtext('fechatter.roles'))`);
  const { rows } = await client.query<{ role: Role }>(
    `select r.rolname as role from pg_roles r
     where r.rolname = any ($1) and exists (
       select from pg_class c, aclexplode(c.relacl) a where c.oid = 'messages'::regclass and a.grantee = r.oid)
     order by 1`,
    [rolesOfServices],
  );
  if (rows.length > 0)
    await grantRights(
      client,
      rows.map(({ role }) => role),
    );
}

/** Those of extensions, which may belong to somebody else, stay as they are. */
const ownFunctions = `
  select oid::regprocedure::text as name from pg_proc
  where pronamespace = 'public'::regnamespace and pg_has_role(proowner, 'usage')
    and not exists (select from pg_depend d where d.objid = pg_proc.oid and d.deptype = 'e') order by 1`;

async function grantRights(client: Pick<pg.ClientBase, 'query'>, roles: readonly Role[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(ownFunctions);
  const functions = rows.map(({ name }) => name).join(', ');
  await client.query(`revoke execute on function ${functions} from public`);
  for (const role of roles) {
    await client.query(`revoke all on all tables in schema public from ${role}`);
    await client.query(`grant usage on schema public to ${role}`);
    for (const right of grants[role]) await client.query(`grant ${right} to ${role}`);
    if (role === 'fechatter_server') await client.query(`grant execute on function ${functions} to ${role}`);
    for (const right of refusals[role] ?? []) await client.query(`revoke ${right} from ${role}`);
  }
}
