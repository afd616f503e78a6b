import { RELEASE } from '@fechatter/contract';
import { hostname } from 'node:os';
import type { Config } from './config.ts';

/** The options of a database connection, in the form that @fechatter/drizzle takes. */
export interface DatabaseAccess {
  readonly url: string;
  readonly applicationName: string;
  readonly poolSize: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly tls:
    | {
        readonly ca?: string | undefined;
        readonly rejectUnauthorized?: boolean;
        readonly checkServerIdentity?: () => undefined;
      }
    | undefined;
}

/**
 * The database options from the settings, with an application name that the database's views show. It contains the
 * release, by which a migrator recognises processes; release 0.1 wrote none.
 */
export function databaseAccess({ service, database }: Pick<Config, 'service' | 'database'>): DatabaseAccess {
  const { mode, ca } = database.tls;
  return {
    url: database.url,
    applicationName: `fechatter-${service}/${RELEASE}@${hostname()}`.slice(0, 60),
    poolSize: database.poolSize,
    connectTimeoutMs: database.connectTimeoutMs,
    statementTimeoutMs: database.statementTimeoutMs,
    tls:
      mode === 'disable'
        ? undefined
        : {
            ca,
            rejectUnauthorized: mode !== 'require',
            ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
          },
  };
}
