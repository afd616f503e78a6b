import { type EmbeddedPostgres, startPostgres } from '@fechatter/embedded-postgres';
import { chmod, chown, copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { root } from '../build/root.ts';

/** Starts a Postgres with the deployed certificate, the deployed access rules (pg_hba.conf) and our database. */
export async function tlsPostgres(folder: string, secrets: string): Promise<EmbeddedPostgres> {
  // Set by .ci/test-on-postgres; by default the newest.
  const binDir = process.env.FECHATTER_TEST_POSTGRES_BIN;
  const dataDir = join(folder, 'postgres');
  const postgres = await startPostgres({ dataDir, ...(binDir && { binDir }) });
  const data = join(postgres.dataDir, 'data');
  await place(join(secrets, 'database.crt'), join(data, 'server.crt'), data);
  await place(join(secrets, 'database.key'), join(data, 'server.key'), data);
  await place(join(root, 'deploy/compose/pg_hba.conf'), join(data, 'pg_hba.conf'), data);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('create database fechatter');
  await client.query('alter system set ssl = on');
  await client.query('select pg_reload_conf()');
  await client.end();
  const url = Object.assign(new URL(postgres.url), { hostname: 'localhost', pathname: '/fechatter' });
  await writeFile(join(secrets, 'owner-database-url'), url.href);
  for (const role of ['server', 'notify', 'worker']) {
    const password = await readFile(join(secrets, `${role}-password`), 'utf8');
    const own = Object.assign(new URL(url), { username: `fechatter_${role}`, password });
    await writeFile(join(secrets, `${role}-database-url`), own.href);
  }
  return postgres;
}

async function place(from: string, to: string, owned: string): Promise<void> {
  const { uid, gid } = await stat(owned);
  await copyFile(from, to);
  await chmod(to, 0o600);
  await chown(to, uid, gid);
}
