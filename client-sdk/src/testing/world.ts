import { accessOf, type TestDatabase, testDatabase } from '@fechatter/drizzle/testing';
import { openDatabase } from '@fechatter/drizzle';
import { startNotify } from '@fechatter/notify';
import { startServer } from '@fechatter/server';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { purgeExpired } from '@fechatter/worker';
import { createFechatterOn, type FechatterClient } from '../create-fechatter.ts';
import type { FechatterOptions } from '../fechatter-options.ts';
import type { TabPlatform } from '../tabs/tab-platform.ts';
import { type TcpProxy, tcpProxy } from '@fechatter/testing/tcp-proxy';

/** Both services on their own database, and people whose connections to them can be cut. */
export interface World extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly serverUrl: string;
  readonly notifyUrl: string;
  /** A signed-in person. */
  signUp(name: string, options?: Partial<FechatterOptions>): Promise<Person>;
  /**
   * Dates the messages of a chat up to this number, and the replies until then, back by a year, and purges expired
   * ones.
   */
  purge(chatId: string, throughNumber: number): Promise<void>;
  /** A client without a session, in a browser tab if a platform is given. */
  visit(options: Partial<FechatterOptions>, platform?: TabPlatform): Promise<FechatterClient>;
  /** People of one workspace, which the first of them owns. */
  workspaceOf<Name extends string>(...names: Name[]): Promise<Record<Name, Person> & { readonly workspaceId: string }>;
  /** The same with a Group of them all. */
  chatOf<Name extends string>(
    ...names: Name[]
  ): Promise<Record<Name, Person> & { readonly workspaceId: string; readonly chatId: string }>;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly client: FechatterClient;
  /** The same account on another device. */
  device(options?: Partial<FechatterOptions>): Promise<Person>;
  readonly toServer: TcpProxy;
  readonly toNotify: TcpProxy;
}

export const PASSWORD = 'correct horse battery staple';
/** Options with short times. */
export const quick = { inactivityMs: 1_000, backoff: { firstMs: 5, maxMs: 50 } } as const;
const PING_MS = 200;

/** Starts both services in this process, on free ports, over a clone of the migrated template. */
export async function world(settings: Readonly<Record<string, string>> = {}): Promise<World> {
  const database = await testDatabase();
  const settingsOf = (service: 'server' | 'notify') => ({
    FECHATTER_DATABASE_URL: accessOf(database, service).url,
    FECHATTER_DATABASE_MIGRATE: 'false',
    FECHATTER_LIMITS_SENDS_PER_MINUTE: '0',
    FECHATTER_LIMITS_REACTIONS_PER_MINUTE: '0',
    ...settings,
  });
  const log = silentLog();
  const server = await startServer(testConfig('server', settingsOf('server')), { log });
  const notify = await startNotify(testConfig('notify', settingsOf('notify')), { log, pingMs: PING_MS });
  const workerDb = openDatabase(accessOf(database, 'worker'));
  const cables: TcpProxy[] = [];
  let count = 0;

  const clientOf = async (options: Partial<FechatterOptions>, platform?: TabPlatform) => {
    const [toServer, toNotify] = [await tcpProxy(server.url), await tcpProxy(notify.url)];
    cables.push(toServer, toNotify);
    const all = { serverUrl: toServer.url, notifyUrl: toNotify.url, ...quick, ...options };
    const client = createFechatterOn(platform, all);
    return { toServer, toNotify, client };
  };
  const signUp = async (name: string, options: Partial<FechatterOptions> = {}): Promise<Person> => {
    count += 1;
    const email = `${name}-${count}@example.com`;
    const own = await clientOf(options);
    const { id } = await own.client.auth.signup.mutate({ email, password: PASSWORD, fullName: name });
    const device = async (more: Partial<FechatterOptions> = {}) => {
      const other = await clientOf(more);
      await other.client.auth.signin.mutate({ email, password: PASSWORD });
      return { id, name, email, device, ...other };
    };
    return { id, name, email, device, ...own };
  };
  const workspaceOf = async <Name extends string>(...names: Name[]) => {
    const people = await Promise.all(names.map((name) => signUp(name)));
    const [owner, ...others] = people;
    if (owner === undefined) throw new Error('a workspace has an owner');
    const { id: workspaceId } = await owner.client.workspace.create.mutate({ name: 'A workspace' });
    const invite = { workspaceId, role: 'Member' as const, maxUses: names.length };
    const { token } = await owner.client.workspace.invite.mutate(invite);
    for (const { client } of others) await client.workspace.acceptInvite.mutate({ token });
    return { ...byName(names, people), workspaceId };
  };
  return {
    database,
    serverUrl: server.url,
    notifyUrl: notify.url,
    signUp,
    async purge(chatId, throughNumber) {
      await database.query(
        `update messages set created_at = now() - interval '1 year' where chat_id = $1 and seq <= (
           select max(m.seq) from messages m where m.chat_id = $1 and m.thread_id is null and m.number <= $2)`,
        [chatId, throughNumber],
      );
      await purgeExpired({ ...server.deps, db: workerDb }, AbortSignal.timeout(10_000));
    },
    visit: async (options, platform) => (await clientOf(options, platform)).client,
    workspaceOf,
    async chatOf(...names) {
      const place = await workspaceOf(...names);
      const [owner, ...others] = names.map((name) => place[name]);
      const memberIds = others.map(({ id }) => id);
      const input = { name: 'A group', chatType: 'Group' as const, workspaceId: place.workspaceId, memberIds };
      const chat = await owner?.client.chat.create.mutate(input);
      return { ...place, chatId: chat?.id ?? '' };
    },
    async [Symbol.asyncDispose]() {
      for (const cable of cables) await cable[Symbol.asyncDispose]();
      await notify.close();
      await server.close();
      await workerDb.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** As many people as names, in the same order. */
const byName = <Name extends string>(names: readonly Name[], people: readonly Person[]) =>
  Object.fromEntries(names.map((name, index) => [name, people[index]])) as Record<Name, Person>;
