import { connectClient, grantServiceRoles, migrate, type ServiceRoles, setAuditRetention } from '@fechatter/drizzle';
import { rememberedSecret } from './key-files.ts';

const DATABASE = 'fechatter';

/**
 * Prepares the embedded database and returns a URL per service, each for a role with exactly the rights that the
 * service needs.
 */
export async function setUpDatabase(
  clusterUrl: string,
  keysFolder: string,
  auditRetentionDays: number,
): Promise<ServiceRoles> {
  await createDatabase(clusterUrl);
  const ownerUrl = withPath(clusterUrl, DATABASE);
  const owner = { url: ownerUrl, applicationName: 'fechatter-start' };
  await migrate(owner);
  await setAuditRetention(owner, auditRetentionDays);
  const passwords: ServiceRoles = {
    server: await rememberedSecret(keysFolder, 'database-server'),
    notify: await rememberedSecret(keysFolder, 'database-notify'),
    worker: await rememberedSecret(keysFolder, 'database-worker'),
  };
  await grantServiceRoles(owner, passwords);
  return {
    server: withUser(ownerUrl, 'fechatter_server', passwords.server),
    notify: withUser(ownerUrl, 'fechatter_notify', passwords.notify),
    worker: withUser(ownerUrl, 'fechatter_worker', passwords.worker),
  };
}

async function createDatabase(clusterUrl: string): Promise<void> {
  const client = await connectClient({ url: clusterUrl, applicationName: 'fechatter-start' });
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function withPath(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}

function withUser(url: string, username: string, password: string): string {
  return Object.assign(new URL(url), { username, password }).href;
}
