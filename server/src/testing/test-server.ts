import { definitionOfCode, type LoggedEventKind } from '@fechatter/contract';
import type { Database } from '@fechatter/drizzle';
import { accessOf, type TestDatabase, testDatabase } from '@fechatter/drizzle/testing';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import type { Deps } from '../deps.ts';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../start-server.ts';
import { type Client, clientOf } from './client.ts';
import { type Person, personOf } from './person.ts';
import { chatOf, type InChat, type InWorkspace, workspaceOf } from './world.ts';

/** A row of the event log, for tests. */
export interface LoggedRow {
  readonly kind: LoggedEventKind | undefined;
  readonly workspaceId: string | null;
  readonly workspaceSeq: number | null;
  readonly chatId: string | null;
  readonly seq: number | null;
  readonly userId: string | null;
  readonly subjectId: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A real server on its own database and port, with exactly the rights that it has in production. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly deps: Deps;
  readonly db: Database;
  /** SQL as a superuser, for inspecting what is stored and for staging faults. */
  readonly database: TestDatabase;
  /** Signs `<name>@example.com` up; the full name is `name`. */
  signUp(name: string): Promise<Person>;
  /** These people in a new workspace; the first is its Owner, the others are Members. */
  workspaceOf<const Name extends string>(...names: Name[]): Promise<InWorkspace<Name>>;
  /** These people in a Group of a new workspace; the first owns both. */
  chatOf<const Name extends string>(...names: Name[]): Promise<InChat<Name>>;
  /** A client without a session. */
  readonly anonymous: Client;
  /** A stock client that sends these headers. */
  client(headers: Readonly<Record<string, string>>): Client;
  /** The event log, in order. */
  events(): Promise<LoggedRow[]>;
  /** Another server over the same database. */
  another(env?: Environment): Promise<TestServer>;
  /** Stops the server; the database stays. */
  stop(): Promise<void>;
}
type Environment = Readonly<Record<string, string>>;

/**
 * Starts a server on a clone of the migrated template, or on a database that the test made. `env` are settings by their
 * names in the environment.
 */
export async function testServer(env: Environment = {}, made?: TestDatabase): Promise<TestServer> {
  const database = made ?? (await testDatabase());
  const { url } = made ?? accessOf(database, 'server');
  const folder = join(tmpdir(), `fechatter-files-${randomUUID()}`);
  const own = { FECHATTER_DATABASE_URL: url, FECHATTER_DATABASE_MIGRATE: 'false', FECHATTER_FILES_FOLDER: folder };
  return serve(database, { ...own, ...env }, async () => {
    await rm(folder, { recursive: true, force: true });
    await database[Symbol.asyncDispose]();
  });
}

async function serve(database: TestDatabase, settings: Environment, after: () => Promise<void>): Promise<TestServer> {
  const { url, deps, close } = await startServer(testConfig('server', settings), { log: silentLog() });
  const others: TestServer[] = [];
  const anonymous = clientOf(url);
  const signUp = (name: string) => personOf(url, name);
  return {
    url,
    deps,
    db: deps.db,
    database,
    anonymous,
    client: (headers) => clientOf(url, headers),
    signUp,
    workspaceOf: (...names) => workspaceOf(signUp, names),
    chatOf: (...names) => chatOf(signUp, names),
    events: () => eventsOf(database),
    async another(more = {}) {
      const other = await serve(database, { ...settings, ...more }, async () => {});
      others.push(other);
      return other;
    },
    stop: close,
    async [Symbol.asyncDispose]() {
      await Promise.all(others.map((other) => other.stop()));
      await close();
      await after();
    },
  };
}

async function eventsOf(database: TestDatabase): Promise<LoggedRow[]> {
  const rows = await database.query<Omit<LoggedRow, 'kind'> & { code: number }>(`
    select code, workspace_id as "workspaceId", workspace_seq::int as "workspaceSeq", chat_id as "chatId",
      chat_seq::int as seq, user_id as "userId", subject_id as "subjectId", facts
    from event_log order by id`);
  return rows.map(({ code, ...row }) => ({ kind: definitionOfCode(code)?.kind, ...row }));
}
