import { schemaState } from '@fechatter/drizzle';
import { type Check, type Finding, ok, type Patient, problem, skipped, warning } from './finding.ts';

/** Whether the tables are those of this build, and the services may do what they must and no more. */
export const checkSchema: Check = async (patient) => {
  const state = await migrations(patient);
  return state.status === 'problem' ? [state] : [state, ...(await rights(patient))];
};

async function migrations({ db }: Patient): Promise<Finding> {
  const state = await schemaState({ pool: db });
  if (state === 'empty' || state === 'older')
    return problem(
      'migrations',
      state === 'empty' ? 'none has run' : 'older than this build',
      'Start a server with database.migrate: true, as the owner of the tables.',
    );
  if (state === 'newer')
    return warning('migrations', 'newer than this build', 'Run doctor of the newest build that is deployed.');
  return ok('migrations', 'those of this build');
}

interface RoleRow {
  readonly role: string;
  readonly is_super: boolean;
  readonly writes_messages: boolean;
  readonly reads_messages: boolean;
  readonly numbers: boolean;
  readonly rewrites_log: boolean;
}

async function rights({ db }: Patient): Promise<Finding[]> {
  const { rows } = await db.query<RoleRow>(
    `select r.rolname as role, r.rolsuper as is_super,
       has_table_privilege(r.oid, 'messages', 'insert') as writes_messages,
       has_table_privilege(r.oid, 'messages', 'select') as reads_messages,
       has_table_privilege(r.oid, 'log_order', 'insert') as numbers,
       has_table_privilege(r.oid, 'event_log', 'update') or has_table_privilege(r.oid, 'event_log', 'delete') as rewrites_log
     from pg_roles r where r.rolname in ('fechatter_server', 'fechatter_notify')
     order by 1`,
  );
  if (rows.length === 0)
    return [
      skipped('roles', 'there is no fechatter_server and no fechatter_notify: see docs/operating.md'),
      ...(await superusers(db)),
    ];
  return [...rows.map(judged), ...(await superusers(db))];
}

function judged(row: RoleRow): Finding {
  const name = `role ${row.role}`;
  const again = 'Grant the roles again: see docs/operating.md.';
  if (row.is_super) return problem(name, 'is a superuser', 'Take it away: alter role … nosuperuser.');
  if (row.rewrites_log) return problem(name, 'may rewrite the event log', again);
  if (!row.reads_messages || !row.numbers) return problem(name, 'lacks rights that it needs', again);
  const isNotify = row.role === 'fechatter_notify';
  if (isNotify && row.writes_messages) return problem(name, 'may write messages', again);
  if (!isNotify && !row.writes_messages) return problem(name, 'may not write messages', again);
  return ok(name, 'may do what it must, and no more');
}

/** Who is connected under our names with more rights than anyone of us needs. */
async function superusers(db: Patient['db']): Promise<Finding[]> {
  const { rows } = await db.query<{ service: string; role: string }>(
    `select distinct substring(a.application_name from '^fechatter-[a-z]+') as service, a.usename as role
     from pg_stat_activity a join pg_roles r on r.rolname = a.usename
     where r.rolsuper and a.application_name ~ '^fechatter-(server|notify)'`,
  );
  return rows.map(({ service, role }) =>
    warning(
      'rights',
      `${service} is connected as ${role}, a superuser`,
      'Give each service a role of least rights: see docs/operating.md.',
    ),
  );
}
