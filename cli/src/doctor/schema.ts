import { type RightsDifference, rightsDifferences, schemaState } from '@fechatter/drizzle';
import { type Check, type Finding, ok, type Patient, problem, skipped, warning } from './finding.ts';

/**
 * Checks whether the schema is that of this build, and whether the services' roles have exactly the rights that they
 * need.
 */
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

async function rights({ db }: Patient): Promise<Finding[]> {
  const roles = await rightsDifferences(db);
  if (roles.length === 0)
    return [skipped('roles', 'there is none of the services: see docs/operating.md'), ...(await superusers(db))];
  return [...roles.map(findingOf), ...(await superusers(db))];
}

const SHOWN_MAX = 3;

function findingOf({ role, isSuper, tooMany, missing }: RightsDifference): Finding {
  const name = `role ${role}`;
  const again = 'Grant the roles again: see docs/operating.md.';
  if (isSuper) return problem(name, 'is a superuser', 'Take it away: alter role … nosuperuser.');
  if (tooMany.length > 0) return problem(name, `may do what it must not: ${some(tooMany)}`, again);
  if (missing.length > 0) return problem(name, `lacks rights that it needs: ${some(missing)}`, again);
  return ok(name, 'may do what it must, and no more');
}

const some = (rights: readonly string[]): string =>
  rights.length <= SHOWN_MAX
    ? rights.join(', ')
    : `${rights.slice(0, SHOWN_MAX).join(', ')} and ${rights.length - SHOWN_MAX} more`;

/** Service connections whose role has more rights than any service needs. */
async function superusers(db: Patient['db']): Promise<Finding[]> {
  const { rows } = await db.query<{ service: string; role: string }>(
    `select distinct substring(a.application_name from '^fechatter-[a-z]+') as service, a.usename as role
     from pg_stat_activity a join pg_roles r on r.rolname = a.usename
     where r.rolsuper and a.application_name ~ '^fechatter-(server|notify|worker)'`,
  );
  return rows.map(({ service, role }) =>
    warning(
      'rights',
      `${service} is connected as ${role}, a superuser`,
      'Give each service a role of least rights: see docs/operating.md.',
    ),
  );
}
