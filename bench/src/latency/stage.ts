import { createNotifier, createMessageCipher } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import pg from 'pg';
import { headOf } from '../fanout/contender.ts';
import { EndingTogether } from '../frame/ending-together.ts';
import { postMessage } from '../load/post-message.ts';
import { markText, startSubscribers } from '../load/subscribers.ts';
import { benchDatabase } from '../system/bench-database.ts';
import { type BenchKeys, benchKeys } from '../system/bench-keys.ts';
import { type BenchService, benchService } from '../system/bench-service.ts';
import { makeChat, makePeople, makeWorkspace } from '../system/people.ts';

/** The parts of a stage. */
export interface StageSystem {
  readonly pool: pg.Pool;
  readonly keys: BenchKeys;
  readonly server: BenchService;
  readonly notify: BenchService;
}

/** The whole system with a few chats, each with one stream. */
export interface Stage extends AsyncDisposable {
  readonly databaseUrl: string;
  /** The system itself, for other load on it. */
  readonly system: StageSystem;
  /**
   * Sends one message over HTTP; resolves with the time (process.hrtime) at which the subscriber received its event.
   */
  send(): Promise<bigint>;
  /**
   * Commits `messages` messages in one call of the database function; resolves with each one's delivery time from the
   * commit, in ms.
   */
  commit(messages: number): Promise<readonly number[]>;
}

const CHATS = 50;
const SOCKETS = 128;

export async function openStage(folder: string, nodeArgs: readonly string[]): Promise<Stage> {
  const opened = new EndingTogether();
  const database = opened.use(await benchDatabase({ folder, isDurable: true }));
  const { pool } = database;
  const keys = benchKeys();
  await keys.publish(pool);
  const server = opened.use(await benchService({ kind: 'server', database, keys, folder, nodeArgs }));
  const notify = opened.use(await benchService({ kind: 'notify', database, keys, folder, nodeArgs }));
  const people = await makePeople(pool, CHATS);
  const workspaceId = await makeWorkspace(pool, people);
  const chats = await Promise.all(
    people.map(async (person) => ({
      id: (await makeChat(pool, workspaceId, [person])).id,
      userId: person.userId,
      token: keys.tokenFor(person),
    })),
  );
  const subscribers = opened.use(startSubscribers(folder));
  const streams = chats.map(({ token }) => ({
    port: notify.port,
    head: headOf('/trpc/notification.events', { authorization: `Bearer ${token}` }),
  }));
  await subscribers.open(streams, '"kind":"ready"');
  subscribers.expect(1);
  const cipher = createMessageCipher([{ id: 1, key: keys.encryptionKey }]);
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  // As in the server: a notifier with its own connection, and at most one notification in flight.
  const notifierPool = new pg.Pool({ connectionString: database.url, max: 1 });
  const notifier = createNotifier(notifierPool);
  let lastMark = 0;
  const chatOf = (mark: number) => chats[mark % CHATS] ?? { id: '', userId: '', token: '' };
  return {
    databaseUrl: database.url,
    system: { pool, keys, server, notify },
    async send() {
      const mark = ++lastMark;
      const { id, token } = chatOf(mark);
      const body = JSON.stringify({ json: { chatId: id, content: `${markText(mark)} is on its way` } });
      const [atNs] = await Promise.all([subscribers.complete(mark), postMessage(agent, server.port, token, body)]);
      return atNs;
    },
    async commit(messages) {
      const marks = Array.from({ length: messages }, () => ++lastMark);
      const sent = marks.map((mark) => ({ mark, chat: chatOf(mark), id: randomUUID() }));
      // A named statement, as in the server: parsed once per connection.
      const { rows } = await pool.query<{ outcome: number }>({
        name: 'commit',
        text: `select outcome from send_batch($1, $2, $3, $4, $5, $6, null, 'brief', 0)`,
        values: [
          sent.map(({ chat }) => chat.id),
          sent.map(({ chat }) => chat.userId),
          sent.map(() => randomUUID()),
          sent.map(({ id }) => id),
          sent.map(({ chat, id, mark }) => cipher.seal(chat.id, id, `${markText(mark)} is on its way`)),
          sent.map(() => Buffer.of(0)),
        ],
      });
      const committedAtNs = process.hrtime.bigint();
      if (rows.some(({ outcome }) => outcome !== 0)) throw new Error('a message was refused');
      notifier.notify();
      const arrivals = await Promise.all(marks.map((mark) => subscribers.complete(mark)));
      return arrivals.map((atNs) => Number(atNs - committedAtNs) / 1e6);
    },
    async [Symbol.asyncDispose]() {
      agent.destroy();
      await notifierPool.end();
      await opened[Symbol.asyncDispose]();
    },
  };
}
