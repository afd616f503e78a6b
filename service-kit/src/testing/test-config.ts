import { generateKeyPairSync } from 'node:crypto';
import { type Config, loadConfig } from '../config/config.ts';
import type { Service } from '../config/setting.ts';
import type { Environment } from '../config/given.ts';

const { privateKey } = generateKeyPairSync('ed25519');

/** A test does in a second what a person does in a day; those of the limits say what they want. */
const withoutBudgets: Environment = {
  FECHATTER_LIMITS_READS_PER_MINUTE: '0',
  FECHATTER_LIMITS_WRITES_PER_MINUTE: '0',
  FECHATTER_LIMITS_HEAVY_PER_MINUTE: '0',
  FECHATTER_LIMITS_CHATS_PER_HOUR: '0',
  FECHATTER_LIMITS_PROFILE_CHANGES_PER_HOUR: '0',
  FECHATTER_LIMITS_EXPORTS_PER_HOUR: '0',
};

/** Everything that a service cannot do without; the database's address leads nowhere. */
export const testEnvironment: Environment = {
  FECHATTER_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  FECHATTER_AUTH_SECRET: 'a secret for tests, of more than 32 bytes',
  FECHATTER_AUTH_SIGNING_KEYS: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  FECHATTER_ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 1).toString('base64')}`,
  FECHATTER_LOG_LEVEL: 'silent',
  // On a busy machine a connection of the pool may be long in coming.
  FECHATTER_DATABASE_CONNECT_TIMEOUT_MS: '20000',
  FECHATTER_SERVER_PORT: '0',
  FECHATTER_NOTIFY_PORT: '0',
  FECHATTER_WORKER_PORT: '0',
  FECHATTER_MAIL_VIA: 'off',
  ...withoutBudgets,
};

/** A service's config as a test wants it: throw-away keys, any free port, and what `env` says. Reads no app.yml. */
export function testConfig<const S extends Service>(service: S, env: Environment = {}): Config<S> {
  return loadConfig(service, { env: { ...testEnvironment, ...env }, cwd: import.meta.dirname });
}
