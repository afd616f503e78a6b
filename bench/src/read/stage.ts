import { createMessageCipher } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { EndingTogether } from '../frame/ending-together.ts';
import { cpuMs } from '../frame/process-cost.ts';
import { wrkLoad, wrkScript } from '../load/wrk.ts';
import { benchDatabase } from '../system/bench-database.ts';
import { benchKeys } from '../system/bench-keys.ts';
import { benchProcess } from '../system/bench-process.ts';
import { benchService } from '../system/bench-service.ts';
import { makeChat, makePeople, makeWorkspace } from '../system/people.ts';

export type Read = 'page' | 'list';
export type Reader = 'server' | 'bare' | 'query';

/** The server and a bare Hono over the same database. */
export interface Stage extends AsyncDisposable {
  /** CPU of the reading process per request, in µs. */
  read(reader: Reader, what: Read, seconds: number): Promise<number>;
}

const PEOPLE = 20;
const CHATS = 50;
const MESSAGES = 60;
const CONNECTIONS = 16;
const content = (n: number) => `Message ${n}, of about the length that people write to each other.`;

export async function openStage(folder: string, wrk: string | undefined, nodeArgs: readonly string[]): Promise<Stage> {
  if (wrk === undefined) throw new Error('read needs wrk: apt-get install wrk');
  const opened = new EndingTogether();
  const database = opened.use(await benchDatabase({ folder, isDurable: false }));
  const { pool } = database;
  const keys = benchKeys();
  await keys.publish(pool);
  const people = await makePeople(pool, PEOPLE);
  const [person] = people;
  if (person === undefined) throw new Error('there is no person');
  const workspaceId = await makeWorkspace(pool, people);
  const chats = await Promise.all(Array.from({ length: CHATS }, () => makeChat(pool, workspaceId, people)));
  const [{ id: chatId } = { id: '' }] = chats;
  const cipher = createMessageCipher([{ id: 1, key: keys.encryptionKey }]);
  for (const chat of chats) {
    const messages = Array.from({ length: MESSAGES }, (_, n) => ({ id: randomUUID(), text: content(n) }));
    await pool.query(
      `select * from send_batch($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[], null, 'wait', 0)`,
      [
        messages.map(() => chat.id),
        messages.map((_, n) => people[n % PEOPLE]?.userId),
        messages.map(() => randomUUID()),
        messages.map(({ id }) => id),
        messages.map(({ id, text }) => cipher.seal(chat.id, id, text)),
        messages.map(() => Buffer.alloc(32)),
      ],
    );
  }
  await pool.query('select log_step()');
  await pool.query('vacuum analyze');

  const server = opened.use(await benchService({ kind: 'server', database, keys, folder, nodeArgs }));
  const args = [database.urlFor('server'), keys.encryptionKey.toString('base64'), person.userId, chatId];
  const program = process.execPath;
  const entry = { program, args: ['--import', 'tsx', 'bench/src/read/bare-reads-process.ts', ...args] };
  const bare = opened.use(benchProcess({ entry, logFile: join(folder, 'bare.log') }));
  const [port] = (await once(bare.child, 'message')) as [number];
  const bareUrl = `http://127.0.0.1:${port}`;

  const token = keys.tokenFor(person);
  const script = (name: string, path: string) => wrkScript(folder, name, [{ method: 'GET', path, token }]);
  const scripts = {
    server: {
      page: await script('page', query('message.list', { chatId })),
      list: await script('list', query('chat.list', {})),
    },
    bare: { page: await script('bare-page', '/page'), list: await script('bare-list', '/list') },
    query: { page: await script('query-page', '/query/page'), list: await script('query-list', '/query/list') },
  };
  return {
    async read(reader, what, seconds) {
      const { pid, url } = reader === 'server' ? server : { pid: bare.pid, url: bareUrl };
      const beforeMs = cpuMs(pid);
      const load = { wrk, url, script: scripts[reader][what], connections: CONNECTIONS, seconds };
      const { requests } = await wrkLoad(load);
      return ((cpuMs(pid) - beforeMs) * 1_000) / requests;
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

const query = (procedure: string, input: object) =>
  `/trpc/${procedure}?batch=1&input=${encodeURIComponent(JSON.stringify({ 0: { json: input } }))}`;
