import type { DatabaseOptions, RingKey } from '@fechatter/drizzle';
import { ConfigError, databaseAccess, loadConfig } from '@fechatter/service-kit';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a command works on: the operator's database and keys, or those that `start` made. */
export interface Deployment {
  readonly database: DatabaseOptions;
  readonly ring: readonly RingKey[];
}

/** Reads the settings as the services do; where no database is named, it is the running one of `start`. */
export function deploymentOf(env: NodeJS.ProcessEnv): Deployment {
  const { dataDir } = loadConfig('launcher', { env });
  const keyFile = join(dataDir, 'keys', 'encryption-keys');
  const isGiven = env.FECHATTER_ENCRYPTION_KEYS || env.FECHATTER_ENCRYPTION_KEYS_FILE;
  const withKeys = isGiven || !existsSync(keyFile) ? env : { ...env, FECHATTER_ENCRYPTION_KEYS_FILE: keyFile };
  const config = loadConfig('launcher', { env: withKeys });
  const { keys } = config.encryption;
  if (keys === undefined)
    throw new ConfigError([`FECHATTER_ENCRYPTION_KEYS: not given, and there is no ${keyFile} that start has made`]);
  const url = config.database.url ?? embeddedUrl(join(dataDir, 'postgres'));
  return {
    // What goes through a whole table may take as long as it takes.
    database: { ...databaseAccess({ ...config, database: { ...config.database, url } }), statementTimeoutMs: 0 },
    ring: keys.map(({ id, key }) => ({ id, key: Buffer.from(key) })),
  };
}

function embeddedUrl(folder: string): string {
  try {
    const [password, port] = ['password', 'port'].map((name) => readFileSync(join(folder, name), 'utf8').trim());
    return `postgres://fechatter:${password}@127.0.0.1:${port}/fechatter`;
  } catch {
    throw new ConfigError([`FECHATTER_DATABASE_URL: not given, and start has made no database in ${folder}`]);
  }
}
