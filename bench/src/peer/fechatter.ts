import { Agent } from 'node:http';
import { headOf } from '../fanout/contender.ts';
import { EndingTogether } from '../frame/ending-together.ts';
import { cpuMs } from '../frame/process-cost.ts';
import { postgresMs } from '../frame/reaped-cost.ts';
import { postMessage } from '../load/post-message.ts';
import { startSubscribers } from '../load/subscribers.ts';
import type { BenchDatabase } from '../system/bench-database.ts';
import { benchKeys } from '../system/bench-keys.ts';
import { benchService } from '../system/bench-service.ts';
import { makeChat, makePeople, makeWorkspace } from '../system/people.ts';
import { senderOf, type System } from './system.ts';
import { textOf } from './text.ts';

const SOCKETS = 64;

/** Our two services as in production: messages are sent over HTTP, and each member has an event stream. */
export async function fechatter(folder: string, database: BenchDatabase, nodeArgs: readonly string[]): Promise<System> {
  const opened = new EndingTogether();
  const { pool } = database;
  const keys = benchKeys();
  await keys.publish(pool);
  const server = opened.use(await benchService({ kind: 'server', database, keys, folder, nodeArgs }));
  const notify = opened.use(await benchService({ kind: 'notify', database, keys, folder, nodeArgs }));
  return {
    cpuMs: () => cpuMs(server.pid, notify.pid) + postgresMs(database.pid),
    async stored() {
      const { rows } = await pool.query<{ count: string }>('select count(*) from messages');
      return Number(rows[0]?.count);
    },
    async fill(crowd) {
      const people = await makePeople(pool, crowd.subscribers);
      const workspaceId = await makeWorkspace(pool, people);
      const chatIds: string[] = [];
      for (let room = 0; room < crowd.rooms; room++) {
        const members = people.filter((_, person) => person % crowd.rooms === room);
        chatIds.push((await makeChat(pool, workspaceId, members)).id);
      }
      await pool.query('analyze');
      const tokens = people.map((person) => keys.tokenFor(person));
      const streams = tokens.map((token) => ({
        port: notify.port,
        head: headOf('/trpc/notification.events', { authorization: `Bearer ${token}` }),
      }));
      const subscribers = startSubscribers(folder);
      await subscribers.open(streams, '"kind":"ready"');
      subscribers.expect(crowd.subscribers / crowd.rooms);
      const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
      return {
        subscribers,
        send(mark) {
          const body = JSON.stringify({ json: { chatId: chatIds[mark % crowd.rooms], content: textOf(mark) } });
          return postMessage(agent, server.port, tokens[senderOf(mark, crowd)] ?? '', body);
        },
        async [Symbol.asyncDispose]() {
          agent.destroy();
          await subscribers.stop('SIGKILL');
        },
      };
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
