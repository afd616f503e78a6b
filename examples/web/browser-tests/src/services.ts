import { testDatabase } from '@fechatter/drizzle/testing';
import { startServer } from '@fechatter/server';
import { silentLog, testConfig, testEnvironment } from '@fechatter/service-kit/testing';
import { runFileChecks, workerDeps } from '@fechatter/worker/testing';
import { freePort } from '@fechatter/testing/free-port';
import { builtSite } from './built-site.ts';
import { startNotifyProcess } from './notify-process.ts';

/** Both services on their own database, with the current page. */
export interface Services extends AsyncDisposable {
  readonly serverUrl: string;
  readonly notifyUrl: string;
  readonly databaseUrl: string;
  /** Checks the pictures that were uploaded, as a worker does. */
  checkFiles(): Promise<void>;
  /** Kills notify (SIGKILL), runs `meanwhile`, and starts it again on the same port. */
  withoutNotify(meanwhile: () => Promise<void>): Promise<void>;
}

/** Starts both. Their ports are chosen first, because the page needs the other service's address. */
export async function startServices(settings: Readonly<Record<string, string>> = {}): Promise<Services> {
  const [database, site] = await Promise.all([testDatabase(), builtSite()]);
  const [serverPort, notifyPort] = [await freePort(), await freePort()];
  const env = {
    FECHATTER_DATABASE_URL: database.url,
    FECHATTER_DATABASE_MIGRATE: 'false',
    FECHATTER_MAIL_VIA: 'off',
    FECHATTER_SERVER_PORT: String(serverPort),
    FECHATTER_NOTIFY_PORT: String(notifyPort),
    FECHATTER_SERVER_WEB: site,
    FECHATTER_SERVER_METRICS_PORT: '0',
    FECHATTER_NOTIFY_METRICS_PORT: '0',
    FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '0',
    FECHATTER_LIMITS_SIGNUPS_PER_HOUR: '0',
    ...settings,
  };
  const server = await startServer(testConfig('server', env), { log: silentLog() });
  const notify = await startNotifyProcess(notifyPort, { PATH: process.env.PATH, ...testEnvironment, ...env });
  return {
    serverUrl: server.url,
    notifyUrl: notify.url,
    databaseUrl: database.url,
    async checkFiles() {
      const deps = workerDeps({ database, deps: server.deps });
      try {
        await runFileChecks(deps);
      } finally {
        await deps.db.close();
      }
    },
    async withoutNotify(meanwhile) {
      await notify.kill();
      await meanwhile();
      await notify.start();
    },
    async [Symbol.asyncDispose]() {
      await notify[Symbol.asyncDispose]();
      await server.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
