import { createMessageCipher } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { markText } from '../load/subscribers.ts';
import type { BenchDatabase } from '../system/bench-database.ts';
import { type BenchService, benchService } from '../system/bench-service.ts';
import { benchKeys } from '../system/bench-keys.ts';
import { makeChat, makePeople, makeWorkspace } from '../system/people.ts';
import { type Contender, type Crowd, headOf } from './contender.ts';

export interface NotifyContender extends Contender {
  readonly service: BenchService;
}

export interface NotifyContenderOptions {
  readonly folder: string;
  readonly database: BenchDatabase;
  readonly crowd: Crowd;
  readonly nodeArgs?: readonly string[];
}

const TEXT = ' is a message of about the length that people write to each other in a chat, give or take a few words.';

/**
 * Our own service, reading the log as in production: a message is written with its event by the function that the
 * server calls, followed by NOTIFY. Each subscriber is a person with a session.
 */
export async function notifyContender(options: NotifyContenderOptions): Promise<NotifyContender> {
  const { folder, database, crowd, nodeArgs = [] } = options;
  const { pool } = database;
  const keys = benchKeys();
  await pool.query('truncate signing_keys');
  await keys.publish(pool);
  const people = await makePeople(pool, crowd.subscribers);
  const tokens = people.map((person) => keys.tokenFor(person));
  const workspaceId = await makeWorkspace(pool, people);
  const members = (room: number) => people.filter((_, subscriber) => subscriber % crowd.rooms === room);
  const chats: { readonly id: string; readonly senderId: string }[] = [];
  for (let room = 0; room < crowd.rooms; room++) {
    const inRoom = members(room);
    const { id } = await makeChat(pool, workspaceId, inRoom);
    chats.push({ id, senderId: inRoom[0]?.userId ?? '' });
  }
  await pool.query('analyze');
  const cipher = createMessageCipher([{ id: 1, key: keys.encryptionKey }]);
  const service = await benchService({ kind: 'notify', database, keys, folder, nodeArgs });
  return {
    name: 'notify',
    service,
    pids: () => [service.pid],
    readyMark: '"kind":"ready"',
    requestOf: (subscriber) => ({
      port: service.port,
      head: headOf('/trpc/notification.events', { authorization: `Bearer ${tokens[subscriber]}` }),
    }),
    async publish(room, mark) {
      const { id: chatId, senderId } = chats[room] ?? { id: '', senderId: '' };
      const id = randomUUID();
      const body = cipher.seal(chatId, id, markText(mark) + TEXT);
      const { rows } = await pool.query<{ outcome: number }>(
        `select outcome from send_batch($1, $2, $3, $4, $5, $6, null, 'wait', 0)`,
        [[chatId], [senderId], [randomUUID()], [id], [body], [Buffer.of(0)]],
      );
      if (rows[0]?.outcome !== 0) throw new Error(`a message was refused: ${JSON.stringify(rows[0])}`);
      const committedAtNs = process.hrtime.bigint();
      await pool.query('notify fechatter_log');
      return committedAtNs;
    },
    [Symbol.asyncDispose]: () => service.stop(),
  };
}
