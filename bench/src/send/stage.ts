import { createMessageCipher } from '@fechatter/drizzle';
import { EndingTogether } from '../frame/ending-together.ts';
import { cpuMs } from '../frame/process-cost.ts';
import { postgresMs } from '../frame/reaped-cost.ts';
import { wrkLoad, wrkScript } from '../load/wrk.ts';
import { benchDatabase } from '../system/bench-database.ts';
import { benchKeys } from '../system/bench-keys.ts';
import { benchService } from '../system/bench-service.ts';
import { makeChat, makePeople, makeWorkspace } from '../system/people.ts';
import { leanScripts, makeLeanDatabase } from './lean.ts';
import { pgbench, pgbenchScripts } from './pgbench.ts';
import { CONTENT, reactionRequests } from './reactions.ts';

export type Chats = 'many' | 'hot';
/** The kind of load: messages, or reactions to messages of the hot chat. */
export type Load = Chats | 'reactions';

/** The result of one way to send or react. */
export interface Sent {
  readonly perSecond: number;
  /** CPU per message, in µs: of Node (or pgbench), and of Postgres. */
  readonly clientUs: number;
  readonly postgresUs: number;
}

/** Sends without a server, by pgbench. */
export interface PgbenchSends {
  /** The database function alone, one message a statement. */
  statements(chats: Chats, clients: number, seconds: number): Promise<Sent>;
  /** The lean statement, one message each, in a database of its own on the same Postgres. */
  lean(clients: number, seconds: number): Promise<Sent>;
}

/** A server, a Postgres with fsync, and loads to run on them. */
export interface Stage extends AsyncDisposable {
  readonly startMs: number;
  /** `message.send`, or `message.react` and `unreact`, over HTTP, one a request. */
  http(load: Load, inFlight: number, seconds: number): Promise<Sent>;
  /** Undefined if pgbench is not installed. */
  readonly pgbench: PgbenchSends | undefined;
}

const PEOPLE = 50;
const CHATS = 100;
const CONNECTIONS_MAX = 200;

export async function openStage(
  folder: string,
  found: ReadonlyMap<string, string>,
  nodeArgs: readonly string[],
): Promise<Stage> {
  const wrk = found.get('wrk');
  if (wrk === undefined) throw new Error('send needs wrk: apt-get install wrk');
  const opened = new EndingTogether();
  const settings = { max_connections: String(CONNECTIONS_MAX) };
  const database = opened.use(await benchDatabase({ folder, isDurable: true, settings }));
  const { pool } = database;
  const keys = benchKeys();
  await keys.publish(pool);
  const people = await makePeople(pool, PEOPLE);
  const workspaceId = await makeWorkspace(pool, people);
  const chats = await Promise.all(Array.from({ length: CHATS }, () => makeChat(pool, workspaceId, people)));
  await pool.query('vacuum analyze');
  const server = opened.use(await benchService({ kind: 'server', database, keys, folder, nodeArgs }));

  const cipher = createMessageCipher([{ id: 1, key: keys.encryptionKey }]);
  const senders = chats.map(({ id }, n) => ({ chatId: id, userId: people[n % PEOPLE]?.userId ?? '' }));
  const hot = people.map(({ userId }) => ({ chatId: chats[0]?.id ?? '', userId }));
  const tokens = new Map(people.map((person) => [person.userId, keys.tokenFor(person)]));
  const places = { many: senders, hot };
  const requestsTo = (chosen: Chats) =>
    places[chosen].map(({ chatId, userId }) => ({
      method: 'POST' as const,
      path: '/trpc/message.send?batch=1',
      token: tokens.get(userId) ?? '',
      text: JSON.stringify({ 0: { json: { chatId, content: CONTENT } } }),
    }));
  const loads = {
    many: await wrkScript(folder, 'many', requestsTo('many')),
    hot: await wrkScript(folder, 'hot', requestsTo('hot')),
    reactions: await wrkScript(folder, 'reactions', await reactionRequests(pool, hot, tokens, cipher)),
  };
  const scripts = {
    many: await pgbenchScripts(folder, 'many', senders),
    hot: await pgbenchScripts(folder, 'hot', hot),
  };
  const program = found.get('pgbench');
  /** Both ways to send by pgbench, if it is installed. */
  const byPgbench = async (program: string) => {
    const leanUrl = await makeLeanDatabase(pool, database.url);
    const cost = async (url: string, chosen: readonly string[], clients: number, seconds: number): Promise<Sent> => {
      const dbMs = postgresMs(database.pid);
      const run = await pgbench(program, url, { scripts: chosen, clients, seconds });
      const usEach = (ms: number) => (ms * 1_000) / run.transactions;
      return {
        perSecond: run.perSecond,
        clientUs: usEach(run.ownMs),
        postgresUs: usEach(postgresMs(database.pid) - dbMs),
      };
    };
    return {
      statements: (chosen: Chats, clients: number, seconds: number) =>
        cost(database.url, scripts[chosen], clients, seconds),
      lean: (clients: number, seconds: number) => cost(leanUrl, leanScripts, clients, seconds),
    };
  };

  return {
    startMs: server.startMs,
    async http(chosen, connections, seconds) {
      const [nodeMs, dbMs] = [cpuMs(server.pid), postgresMs(database.pid)];
      const { requests, perSecond } = await wrkLoad({
        wrk,
        url: server.url,
        script: loads[chosen],
        connections,
        seconds,
      });
      const usEach = (ms: number) => (ms * 1_000) / requests;
      return {
        perSecond,
        clientUs: usEach(cpuMs(server.pid) - nodeMs),
        postgresUs: usEach(postgresMs(database.pid) - dbMs),
      };
    },
    pgbench: program === undefined ? undefined : await byPgbench(program),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
