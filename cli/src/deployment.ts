import { type Database, type DatabaseOptions, openDatabase, type RingKey } from '@fechatter/drizzle';
import { type Config, ConfigError, databaseAccess, loadConfig } from '@fechatter/service-kit';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The operator's database, or the running one of `start` where no database is named. */
export function databaseOf(env: NodeJS.ProcessEnv): DatabaseOptions {
  const config = settingsOf(env);
  const url = config.database.url ?? embeddedUrl(join(config.dataDir, 'postgres'));
  // What goes through a whole table may take as long as it takes.
  return { ...databaseAccess({ ...config, database: { ...config.database, url } }), statementTimeoutMs: 0 };
}

/** Opens the operator's database for as long as `work` takes. */
export async function withDatabase<T>(env: NodeJS.ProcessEnv, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(databaseOf(env));
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** The settings, with the encryption keys that `start` has made where none are named. */
export function configWithKeys(env: NodeJS.ProcessEnv): Config<'launcher'> {
  const { dataDir } = settingsOf(env);
  const keyFile = join(dataDir, 'keys', 'encryption-keys');
  const isGiven = env.FECHATTER_ENCRYPTION_KEYS || env.FECHATTER_ENCRYPTION_KEYS_FILE;
  const withKeys = isGiven || !existsSync(keyFile) ? env : { ...env, FECHATTER_ENCRYPTION_KEYS_FILE: keyFile };
  return settingsOf(withKeys);
}

/** The ring of encryption keys of the deployment. */
export function ringOf(env: NodeJS.ProcessEnv): readonly RingKey[] {
  const { encryption, dataDir } = configWithKeys(env);
  if (encryption.keys === undefined) {
    const keyFile = join(dataDir, 'keys', 'encryption-keys');
    throw new ConfigError([`FECHATTER_ENCRYPTION_KEYS: not given, and there is no ${keyFile} that start has made`]);
  }
  return encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }));
}

/** A command asks for the secrets that it needs itself: in production too, nobody gives an operator all of them. */
const settingsOf = (env: NodeJS.ProcessEnv) => loadConfig('launcher', { env: { ...env, NODE_ENV: undefined } });

function embeddedUrl(folder: string): string {
  try {
    const [password, port] = ['password', 'port'].map((name) => readFileSync(join(folder, name), 'utf8').trim());
    return `postgres://fechatter:${password}@127.0.0.1:${port}/fechatter`;
  } catch {
    throw new ConfigError([`FECHATTER_DATABASE_URL: not given, and start has made no database in ${folder}`]);
  }
}

/** What the settings say of how long the audit log is kept. */
export const auditRetentionDaysOf = (env: NodeJS.ProcessEnv): number => settingsOf(env).audit.retentionDays;
