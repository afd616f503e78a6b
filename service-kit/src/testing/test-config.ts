import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig } from '../config/config.ts';
import type { Service } from '../config/setting.ts';
import type { Environment } from '../config/given.ts';

const { privateKey } = generateKeyPairSync('ed25519');

/** Limits are off, because a test does in a second what a person does in a day; tests of the limits set them. */
const withoutBudgets: Environment = {
  FECHATTER_LIMITS_READS_PER_MINUTE: '0',
  FECHATTER_LIMITS_WRITES_PER_MINUTE: '0',
  FECHATTER_LIMITS_HEAVY_PER_MINUTE: '0',
  FECHATTER_LIMITS_CHATS_PER_HOUR: '0',
  FECHATTER_LIMITS_PROFILE_CHANGES_PER_HOUR: '0',
  FECHATTER_LIMITS_EXPORTS_PER_HOUR: '0',
};

/** The required settings of a service; the database's address is not reachable. */
export const testEnvironment: Environment = {
  FECHATTER_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  FECHATTER_AUTH_SECRET: 'a secret for tests, of more than 32 bytes',
  FECHATTER_AUTH_SIGNING_KEYS: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  FECHATTER_ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 1).toString('base64')}`,
  FECHATTER_LOG_LEVEL: 'silent',
  // On a busy machine a connection may take long to open.
  FECHATTER_DATABASE_CONNECT_TIMEOUT_MS: '20000',
  FECHATTER_SERVER_PORT: '0',
  FECHATTER_NOTIFY_PORT: '0',
  FECHATTER_WORKER_PORT: '0',
  FECHATTER_MAIL_VIA: 'off',
  FECHATTER_FILES_FOLDER: join(tmpdir(), `fechatter-files-${process.pid}`),
  ...withoutBudgets,
};

/** A service's config for tests: throw-away keys, a free port, and the given `env`. Reads no app.yml. */
export function testConfig<const S extends Service>(service: S, env: Environment = {}): Config<S> {
  return loadConfig(service, { env: { ...testEnvironment, ...env }, cwd: import.meta.dirname });
}
