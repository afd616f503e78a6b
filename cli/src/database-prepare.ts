import { grantServiceRoles, migrate, type ServiceRoles, setAuditRetention } from '@fechatter/drizzle';
import { readFile } from 'node:fs/promises';
import { type Command, type CommandContext, textOption, UsageError } from './command.ts';
import { auditRetentionDaysOf, databaseOf } from './deployment.ts';

const services = ['server', 'notify', 'worker'] as const;
const DETAILS = `
FECHATTER_DATABASE_URL is the owner's here: a role that may make tables and roles. The services get roles of their own,
fechatter_server, fechatter_notify and fechatter_worker, which may do what the service does and no more.

  --server-password-file <file>  the password that fechatter_server gets
  --notify-password-file <file>  the password that fechatter_notify gets
  --worker-password-file <file>  the password that fechatter_worker gets
  --importer-password-file <file>  also make fechatter_importer, for \`import\`, with this password

Run it before the services of a new version start. What the roles have beside their rights is taken away. Without the
files no role is made, for services that come as the owner; roles that had rights get those of this version. Again it
changes nothing.
`;

/** Does what is needed once for all services, with more rights than they have. */
export const databasePrepare: Command = {
  summary: 'bring the database to this version, and make the roles of the services',
  details: DETAILS,
  options: Object.fromEntries([...services, 'importer'].map((name) => [`${name}-password-file`, { type: 'string' }])),
  async run(context) {
    const passwords = await passwordsOf(context);
    const owner = databaseOf(context.env);
    await migrate(owner);
    await setAuditRetention(owner, auditRetentionDaysOf(context.env));
    if (passwords !== undefined) await grantServiceRoles(owner, passwords);
    context.show({ migrated: true, roles: passwords !== undefined }, [
      passwords === undefined ? 'the database is ready' : 'the database is ready, and the roles of the services',
    ]);
  },
};

async function passwordsOf(context: CommandContext): Promise<ServiceRoles | undefined> {
  const files = services.map((name) => textOption(context, `${name}-password-file`));
  const importer = textOption(context, 'importer-password-file');
  if ([...files, importer].every((file) => file === undefined)) return undefined;
  const [server, notify, worker] = files;
  if (server === undefined || notify === undefined || worker === undefined)
    throw new UsageError('give the password files of all three services, or none');
  return {
    server: await passwordIn(server),
    notify: await passwordIn(notify),
    worker: await passwordIn(worker),
    ...(importer !== undefined && { importer: await passwordIn(importer) }),
  };
}

async function passwordIn(file: string): Promise<string> {
  const password = (await readFile(file, 'utf8')).trim();
  if (password === '') throw new UsageError(`${file} is empty`);
  return password;
}
