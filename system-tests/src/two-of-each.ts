import { createFechatter, type FechatterClient } from '@fechatter/client';
import { type TestDatabase, testDatabase } from '@fechatter/drizzle/testing';
import { serviceProcess } from './service-processes.ts';
import { PASSWORD } from './world.ts';

interface Urls {
  readonly serverUrl: string;
  readonly notifyUrl: string;
}

/** Two servers and two notify services, each in its own process, on one database. */
export interface TwoOfEach extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly first: Urls;
  readonly second: Urls;
  /** Signs a person up at the first pair. */
  signUp(name: string): Promise<{ readonly id: string; readonly email: string; readonly client: FechatterClient }>;
}

/** Starts all four at once. */
export async function twoOfEach(settings: Readonly<Record<string, string>> = {}): Promise<TwoOfEach> {
  const database = await testDatabase();
  const names = ['server', 'server', 'notify', 'notify'] as const;
  const started = await Promise.allSettled(names.map((name) => serviceProcess(name, database, settings)));
  const running = started.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const stop = async () => {
    await Promise.all(running.map((service) => service[Symbol.asyncDispose]()));
    await database[Symbol.asyncDispose]();
  };
  const [server1, server2, notify1, notify2] = running;
  if (!server1 || !server2 || !notify1 || !notify2) {
    await stop();
    throw new AggregateError(started.flatMap((start) => (start.status === 'rejected' ? [start.reason] : [])));
  }
  const first = { serverUrl: server1.url, notifyUrl: notify1.url };
  return {
    database,
    first,
    second: { serverUrl: server2.url, notifyUrl: notify2.url },
    async signUp(name) {
      const client = createFechatter(first);
      const email = `${name}@example.com`;
      const { id } = await client.auth.signup.mutate({ email, password: PASSWORD, fullName: name });
      return { id, email, client };
    },
    [Symbol.asyncDispose]: stop,
  };
}
