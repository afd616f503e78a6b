import { createMessageCipher } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { freePort } from '@fechatter/testing/free-port';
import type { Benchmark } from '../benchmark.ts';
import { cpuMs, memoryBytes, peakMemoryBytes } from '../frame/process-cost.ts';
import { markText } from '../load/subscribers.ts';
import { benchDatabase, type BenchDatabase } from '../system/bench-database.ts';
import { type BenchKeys, benchKeys } from '../system/bench-keys.ts';
import { type BenchService, benchService } from '../system/bench-service.ts';
import { type BenchChat, type BenchPerson, makeChat, makePeople, makeWorkspace } from '../system/people.ts';
import { startReturning } from './returning.ts';

const CLIENTS = 5_000;
const PER_CHAT = 10;
/** Messages that each client misses while notify is down. */
const MISSED = 4;
const ROUNDS = 3;

/** All clients reconnect at once after a notify was killed. */
export const storm: Benchmark = {
  name: 'storm',
  title: 'all clients reconnect at once',
  needs: [],
  async run({ isQuick, folder, nodeArgs, print }) {
    const count = isQuick ? 500 : CLIENTS;
    await using database = await benchDatabase({ folder, isDurable: false });
    const keys = benchKeys();
    await keys.publish(database.pool);
    const people = await makePeople(database.pool, count);
    const workspaceId = await makeWorkspace(database.pool, people);
    const rooms: Room[] = [];
    for (let at = 0; at < count; at += PER_CHAT) {
      const members = people.slice(at, at + PER_CHAT);
      rooms.push({
        ...(await makeChat(database.pool, workspaceId, members)),
        sender: members[0] ?? { userId: '', sessionId: '' },
      });
    }
    await database.pool.query('analyze');
    const port = await freePort();
    const start = () => benchService({ kind: 'notify', database, keys, folder, port, nodeArgs });
    let notify = await start();
    await using clients = startReturning(folder);
    const firstLive = clients.until('all live');
    clients.open(
      port,
      people.map((person) => ({ head: headOf(keys, person), expected: 0 })),
    );
    await firstLive;
    let written = 0;
    const write = async (times: number) => {
      for (let time = 0; time < times; time++) await writeToAll(database, keys, rooms, ++written);
      clients.expect(times);
    };

    const rounds: Awaited<ReturnType<typeof restart>>[] = [];
    const restart = async () => {
      clients.hold();
      await notify.stop('SIGKILL');
      await write(MISSED);
      const live = clients.until('all live');
      const caughtUp = clients.until('all caught up');
      notify = await start();
      const idle = costOf(notify);
      const readyAtNs = process.hrtime.bigint();
      clients.go();
      const [liveAt, caughtUpAt] = await Promise.all([live, caughtUp]);
      const after = (atNs: string) => Math.max(0, Number(BigInt(atNs) - readyAtNs) / 1e6);
      const { cpu, peak, memory } = costOf(notify);
      const took = { liveMs: after(liveAt.atNs), caughtUpMs: after(caughtUpAt.atNs), cpu: cpu - idle.cpu };
      return { ...caughtUpAt, ...took, peak, memory };
    };
    const caughtUp = clients.until('all caught up');
    await write(1);
    await database.pool.query('notify fechatter_log');
    await caughtUp;
    for (let round = 0; round < (isQuick ? 1 : ROUNDS); round++) {
      rounds.push(await restart());
      print(`  all are back after ${rounds.at(-1)?.caughtUpMs.toFixed(0)} ms`);
    }
    await notify.stop();
    const last = rounds.at(-1);
    const of = (read: (round: (typeof rounds)[number]) => number) => rounds.map(read);
    const who = `${count.toLocaleString('en-US')} clients`;
    return {
      figures: [
        { name: `${who}: until all are live`, unit: 'ms', runs: of(({ liveMs }) => liveMs) },
        { name: `${who}: until all have what they missed`, unit: 'ms', runs: of(({ caughtUpMs }) => caughtUpMs) },
        { name: 'CPU of notify a client', unit: 'ms', runs: of(({ cpu }) => cpu / count) },
        { name: 'peak memory of notify', unit: 'MB', runs: of(({ peak }) => peak / 1_048_576) },
        { name: 'memory of notify when all are back', unit: 'MB', runs: of(({ memory }) => memory / 1_048_576) },
        {
          name: 'messages repeated or out of order',
          unit: '',
          runs: [last?.repeated ?? 0],
          target: { of: 'median', atMost: 0 },
        },
        {
          name: 'streams begun anew with reset',
          unit: '',
          runs: [last?.resets ?? 0],
          target: { of: 'median', atMost: 0 },
        },
      ],
      plots: [],
      notes: [
        `notify is killed (SIGKILL), each client misses ${MISSED} messages, notify is started again, and when it is ready all clients connect at once, each with its last id; the time counts from there. Whoever is refused would try again after 100 ms: refused ${last?.refused ?? 0} times in all.`,
        `${(count / PER_CHAT).toLocaleString('en-US')} chats of ${PER_CHAT}; a person and a session each. All clients are one process, which shares the cores with notify and Postgres.`,
      ],
    };
  },
};

interface Room extends BenchChat {
  readonly sender: BenchPerson;
}

const costOf = ({ pid }: BenchService) => ({ cpu: cpuMs(pid), peak: peakMemoryBytes(pid), memory: memoryBytes(pid) });

function headOf(keys: BenchKeys, person: BenchPerson): string {
  return `GET /trpc/notification.events HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${keys.tokenFor(person)}\r\n`;
}

/** One message to each chat, in one call. */
async function writeToAll(
  { pool }: BenchDatabase,
  keys: BenchKeys,
  rooms: readonly Room[],
  mark: number,
): Promise<void> {
  const cipher = createMessageCipher([{ id: 1, key: keys.encryptionKey }]);
  const sent = rooms.map((room) => ({ room, id: randomUUID() }));
  const { rows } = await pool.query<{ outcome: number }>(
    `select outcome from send_batch($1, $2, $3, $4, $5, $6, null, 'brief', 0)`,
    [
      sent.map(({ room }) => room.id),
      sent.map(({ room }) => room.sender.userId),
      sent.map(() => randomUUID()),
      sent.map(({ id }) => id),
      sent.map(({ room, id }) => cipher.seal(room.id, id, `${markText(mark)}: what you missed`)),
      sent.map(() => Buffer.of(0)),
    ],
  );
  if (rows.some(({ outcome }) => outcome !== 0)) throw new Error('a message was refused');
}
