import { createMessageCipher, createNotifier } from '@fechatter/drizzle';
import { until } from '@fechatter/testing/until';
import { setTimeout as wait } from 'node:timers/promises';
import { cpuMs } from '../frame/process-cost.ts';
import { postgresMs } from '../frame/reaped-cost.ts';
import { paced } from '../latency/paced.ts';
import { idAt } from '../search/corpus.ts';
import type { Stage } from './stage.ts';

const NUMBERED_WITHIN_MS = 1_000;
const DRAINED_WITHIN_MS = 300_000;
/** In chats of two, one of this many messages is read at once, as on another device. */
const READ_AT_ONCE = 4;

/** What a load cost, and how late pushes were. */
export interface LoadResult {
  readonly pushes: number;
  readonly perSecond: number;
  /** From the commit to the push service, with the five seconds that a push waits on purpose. */
  readonly lagsMs: readonly number[];
  readonly workerUs: number;
  readonly postgresUs: number;
  /** Pushes to people who had read everything when they were due. */
  readonly ofRead: number;
}

export interface Load {
  readonly chatIds: readonly string[];
  /** How many people besides the sender are in each. */
  readonly size: number;
  readonly perSecond: number;
  readonly forMs: number;
}

/** Sends at a steady rate as a server does, a chat after the other, and waits until nothing is left to push. */
export async function runLoad(stage: Stage, { chatIds, size, perSecond, forMs }: Load): Promise<LoadResult> {
  const { pool, database, worker, sender, people } = stage;
  const cipher = createMessageCipher([{ id: 1, key: stage.encryptionKey }]);
  const notifier = createNotifier(pool);
  /** By person: when the oldest message that was not pushed to them was committed. */
  const waitingSinceMs = new Map<number, number>();
  const hasRead = new Set<number>();
  const lagsMs: number[] = [];
  let [pushes, ofRead, firstMs, lastMs] = [0, 0, 0, 0];
  stage.onPush = (person) => {
    pushes++;
    lastMs = performance.now();
    firstMs ||= lastMs;
    const sinceMs = waitingSinceMs.get(person);
    waitingSinceMs.delete(person);
    if (sinceMs !== undefined) lagsMs.push(lastMs - sinceMs);
    if (hasRead.has(person)) ofRead++;
  };
  const [workerBeforeMs, postgresBeforeMs] = [cpuMs(worker.pid), postgresMs(database.pid)];
  let turn = 0;
  await paced(perSecond, forMs, async () => {
    const n = turn++ % chatIds.length;
    const chatId = chatIds[n] ?? '';
    const id = idAt(Date.now());
    await pool.query(
      `select from send_batch($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[], null, 'brief', 0)`,
      [
        [chatId],
        [sender.userId],
        [id],
        [id],
        [cipher.seal(chatId, id, 'a message of a few words')],
        [Buffer.alloc(32)],
      ],
    );
    const committedMs = performance.now();
    notifier.notify();
    if (size === 1 && n % READ_AT_ONCE === 0) {
      hasRead.add(n);
      await pool.query(
        `update chat_members m set last_read_number = h.last_number from chat_heads h
         where h.chat_id = m.chat_id and m.chat_id = $1 and m.user_id = $2 and m.left_seq is null`,
        [chatId, people[n]?.userId],
      );
      return;
    }
    for (let member = n * size; member < (n + 1) * size; member++)
      if (!waitingSinceMs.has(member)) waitingSinceMs.set(member, committedMs);
  });
  // Until the last message has its position in the log.
  await wait(NUMBERED_WITHIN_MS);
  const isDrained = async () => {
    const { rows } = await pool.query<{ is_drained: boolean }>(
      `select not exists (select from push_pending) and exists (
         select from consumers c, (select pos from log_order order by pos desc limit 1) l
         where c.name = 'push' and c.pos = l.pos) as is_drained`,
    );
    return rows[0]?.is_drained;
  };
  await until(isDrained, 'everything is pushed', DRAINED_WITHIN_MS);
  return {
    pushes,
    perSecond: pushes / ((lastMs - firstMs) / 1_000),
    lagsMs,
    workerUs: ((cpuMs(worker.pid) - workerBeforeMs) * 1_000) / pushes,
    postgresUs: ((postgresMs(database.pid) - postgresBeforeMs) * 1_000) / pushes,
    ofRead,
  };
}
