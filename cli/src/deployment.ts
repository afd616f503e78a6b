import { type Database, type DatabaseOptions, openDatabase, type RingKey } from '@fechatter/drizzle';
import { type Config, ConfigError, databaseAccess, loadConfig } from '@fechatter/service-kit';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The configured database; if none is configured, the running one of `start`. */
export function databaseOf(env: NodeJS.ProcessEnv): DatabaseOptions {
  const config = settingsOf(env);
  const url = config.database.url ?? embeddedUrl(join(config.dataDir, 'postgres'));
  // No statement timeout: commands may scan whole tables.
  return { ...databaseAccess({ ...config, database: { ...config.database, url } }), statementTimeoutMs: 0 };
}

/** Opens the database for as long as `work` takes. */
export async function withDatabase<T>(env: NodeJS.ProcessEnv, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(databaseOf(env));
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** The settings, with the encryption keys of `start` if none are configured. */
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

/** Each command checks for the secrets that it needs: even in production an operator does not have all of them. */
const settingsOf = (env: NodeJS.ProcessEnv) => loadConfig('launcher', { env: { ...env, NODE_ENV: undefined } });

function embeddedUrl(folder: string): string {
  try {
    const [password, port] = ['password', 'port'].map((name) => readFileSync(join(folder, name), 'utf8').trim());
    return `postgres://fechatter:${password}@127.0.0.1:${port}/fechatter`;
  } catch {
    throw new ConfigError([`FECHATTER_DATABASE_URL: not given, and start has made no database in ${folder}`]);
  }
}

/** For how many days the audit log is kept, by the settings. */
export const auditRetentionDaysOf = (env: NodeJS.ProcessEnv): number => settingsOf(env).audit.retentionDays;
