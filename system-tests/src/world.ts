import { createFechatter, type Event, type FechatterClient } from '@fechatter/client';
import { accessOf, type TestDatabase, testDatabase } from '@fechatter/drizzle/testing';
import { startNotify } from '@fechatter/notify';
import { type Deps, startServer } from '@fechatter/server';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { until } from '@fechatter/testing/until';

/** Both services on their own database, and people who use them through the SDK. */
export interface World extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly serverUrl: string;
  readonly notifyUrl: string;
  /** The server's dependencies, for operators' actions. */
  readonly serverDeps: Deps;
  /** A signed-in person. */
  signUp(name: string): Promise<Person>;
  /** A workspace of the first person, with the others as members. */
  workspaceOf(owner: Person, ...members: Person[]): Promise<string>;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly client: FechatterClient;
  /** Subscribes from now (or `since`) on, and keeps the events. */
  listen(since?: string): Promise<Listener>;
}

export interface Listener extends AsyncDisposable {
  readonly events: readonly Event[];
  readonly cursor: string | undefined;
  /** Waits for the first event that matches. */
  seen(fits: (event: Event) => boolean, what?: string): Promise<Event>;
}

export const PASSWORD = 'correct horse battery staple';

/** Starts both services in this process, on free ports, over a clone of the migrated template. */
export async function world(settings: Readonly<Record<string, string>> = {}, log = silentLog()): Promise<World> {
  const database = await testDatabase();
  const settingsOf = (service: 'server' | 'notify') => ({
    FECHATTER_DATABASE_URL: accessOf(database, service).url,
    FECHATTER_DATABASE_MIGRATE: 'false',
    ...settings,
  });
  const server = await startServer(testConfig('server', settingsOf('server')), { log });
  const notify = await startNotify(testConfig('notify', settingsOf('notify')), { log });
  const urls = { serverUrl: server.url, notifyUrl: notify.url };
  let count = 0;
  return {
    ...urls,
    database,
    serverDeps: server.deps,
    async signUp(name) {
      count += 1;
      const client = createFechatter(urls);
      const email = `${name}-${count}@example.com`;
      const { id } = await client.auth.signup.mutate({ email, password: PASSWORD, fullName: name });
      return { id, name, email, client, listen: (since) => listen(client, since) };
    },
    async workspaceOf(owner, ...members) {
      const { id: workspaceId } = await owner.client.workspace.create.mutate({ name: 'A workspace' });
      if (members.length === 0) return workspaceId;
      const invite = { workspaceId, role: 'Member' as const, maxUses: members.length };
      const { token } = await owner.client.workspace.invite.mutate(invite);
      for (const { client } of members) await client.workspace.acceptInvite.mutate({ token });
      return workspaceId;
    },
    async [Symbol.asyncDispose]() {
      await notify.close();
      await server.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function listen(client: FechatterClient, since: string | undefined): Promise<Listener> {
  const stop = new AbortController();
  const events: Event[] = [];
  const stream = client.events({ since, signal: stop.signal });
  const ended = (async () => {
    for await (const event of stream) events.push(event);
  })();
  ended.catch(() => {});
  const listener: Listener = {
    events,
    get cursor() {
      return stream.cursor;
    },
    seen: (fits, what = 'an event that fits') => until(() => events.find(fits), what),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended.catch(() => {});
    },
  };
  await listener.seen(({ kind }) => kind === 'ready', 'ready');
  return listener;
}
