import { testDatabase } from '@fechatter/drizzle/testing';
import { startNotify } from '@fechatter/notify';
import { startServer } from '@fechatter/server';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { freePort } from '@fechatter/testing/free-port';

/** Server and notify on their own database. */
export interface Services extends AsyncDisposable {
  readonly serverUrl: string;
  readonly notifyUrl: string;
  /** Stops notify, runs `meanwhile`, and starts notify again on the same port. */
  withoutNotify(meanwhile: () => Promise<void>): Promise<void>;
}

/** Starts both. Their ports are chosen first, because the page needs the other service's address. */
export async function startServices(): Promise<Services> {
  const database = await testDatabase();
  const [serverPort, notifyPort] = [await freePort(), await freePort()];
  const env = {
    FECHATTER_DATABASE_URL: database.url,
    FECHATTER_DATABASE_MIGRATE: 'false',
    FECHATTER_MAIL_VIA: 'off',
    FECHATTER_SERVER_PORT: String(serverPort),
    FECHATTER_NOTIFY_PORT: String(notifyPort),
  };
  const log = silentLog();
  const server = await startServer(testConfig('server', env), { log });
  let notify = await startNotify(testConfig('notify', env), { log });
  return {
    serverUrl: server.url,
    notifyUrl: notify.url,
    async withoutNotify(meanwhile) {
      await notify.close();
      await meanwhile();
      notify = await startNotify(testConfig('notify', env), { log });
    },
    async [Symbol.asyncDispose]() {
      await notify.close();
      await server.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
