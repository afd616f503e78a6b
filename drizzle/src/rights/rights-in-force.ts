import type { Queryable } from '../log/read.ts';
import { serviceRights, type ServiceRole, serviceRoles, tableRightsOf } from './rights-table.ts';

/** The differences between a role's rights and the table of rights, one right a line: `update on messages.body`. */
export interface RightsDifference {
  readonly role: ServiceRole;
  readonly isSuper: boolean;
  readonly tooMany: readonly string[];
  readonly missing: readonly string[];
}

// Everything that the catalog grants in this database, including partitions, sequences, functions and default
// privileges. A right of PUBLIC counts for each role. By default PUBLIC may connect and create temporary tables:
// those are ignored.
const inForce = `
  with roles as (select oid, rolname, rolsuper from pg_roles where rolname = any ($1)),
  given as (
    select a.grantee, lower(a.privilege_type) || ' on schema ' || n.nspname as "right"
    from pg_namespace n, aclexplode(n.nspacl) a where n.nspname = 'public'
    union all
    select a.grantee, lower(a.privilege_type) || ' on ' || c.relname
    from pg_class c, aclexplode(c.relacl) a where c.relnamespace = 'public'::regnamespace
    union all
    select a.grantee, lower(a.privilege_type) || ' on ' || c.relname || '.' || t.attname
    from pg_attribute t join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
    where c.relnamespace = 'public'::regnamespace and not t.attisdropped
    union all
    select a.grantee, lower(a.privilege_type) || ' on ' || p.oid::regprocedure
    from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where p.pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    union all
    select a.grantee, lower(a.privilege_type) || ' on each new ' || d.defaclobjtype::text
    from pg_default_acl d, aclexplode(d.defaclacl) a where d.defaclobjtype <> 'f'
    union all
    select a.grantee, 'create on the database'
    from pg_database d, aclexplode(d.datacl) a where d.datname = current_database() and a.privilege_type = 'CREATE'
    union all
    select r.oid, k.name from pg_roles r, lateral (values
      ('create roles', r.rolcreaterole), ('create databases', r.rolcreatedb), ('replicate', r.rolreplication),
      ('pass over row security', r.rolbypassrls)) k (name, may) where k.may
    union all
    select m.member, 'all that ' || g.rolname || ' may' from pg_auth_members m join pg_roles g on g.oid = m.roleid)
  select r.rolname as role, r.rolsuper as is_super,
    array(select distinct g."right" from given g where g.grantee in (r.oid, 0) order by 1) as rights
  from roles r order by 1`;

/** Compares what the catalog grants with the table of rights; a role that does not exist is left out. */
export async function rightsDifferences(db: Queryable): Promise<readonly RightsDifference[]> {
  const { rows } = await db.query<{ role: ServiceRole; is_super: boolean; rights: string[] }>(inForce, [serviceRoles]);
  return Promise.all(
    rows.map(async ({ role, is_super: isSuper, rights }) => {
      const wanted = [...wantedRightsOf(role), ...(await wantedFunctionsOf(db, role))];
      return { role, isSuper, tooMany: without(rights, wanted), missing: without(wanted, rights) };
    }),
  );
}

function without(rights: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return rights.filter((right) => !known.has(right));
}

const wantedRightsOf = (role: ServiceRole): readonly string[] => [
  'usage on schema public',
  ...tableRightsOf(role).flatMap(({ table, right, columns }) =>
    columns === null ? [`${right} on ${table}`] : columns.map((column) => `${right} on ${table}.${column}`),
  ),
];

/** The catalog spells types out: `int` is `integer`. */
async function wantedFunctionsOf(db: Queryable, role: ServiceRole): Promise<readonly string[]> {
  const { rows } = await db.query<{ name: string }>('select f::regprocedure::text as name from unnest($1::text[]) f', [
    serviceRights[role].functions,
  ]);
  return rows.map(({ name }) => `execute on ${name}`);
}
