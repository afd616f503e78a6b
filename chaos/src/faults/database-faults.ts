import { createMessageCipher } from '@fechatter/drizzle';
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { Chance } from '@fechatter/testing/chance';
import type { Stage } from './faults.ts';
import type { Store } from '../system/store.ts';

/** Terminates some of the services' back ends, as an operator or a faulty proxy does. */
export async function killBackEnds(store: Store, chance: Chance): Promise<boolean> {
  const rows = await store.query<{ pid: number }>(
    `select pid from pg_stat_activity where usename in ('fechatter_server', 'fechatter_notify') order by pid`,
  );
  const doomed = rows.map(({ pid }) => pid).filter(() => chance.hits(0.4));
  await store.query('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [doomed]);
  return doomed.length > 0;
}

const someChatId = ({ scene }: Stage, chance: Chance) =>
  chance.pick(scene.chats.slice(0, 6).filter(({ isDeleted }) => !isDeleted)).id;

/** Holds the head of a busy chat. */
export async function holdHead(stage: Stage, chance: Chance, forMs: number): Promise<void> {
  await inHeldTransaction(stage.system.store, forMs, [
    ['select 1 from chat_heads where chat_id = $1 for no key update', [someChatId(stage, chance)]],
  ]);
}

/** Holds a snapshot, which holds back the xmin horizon. */
export async function holdSnapshot(store: Store, forMs: number): Promise<void> {
  await inHeldTransaction(store, forMs, [
    ['set transaction isolation level repeatable read', []],
    ['select count(*) from log_tick', []],
  ]);
}

/** Leaves a transaction idle that has an id and writes nothing: every snapshot must list it. */
export async function leaveIdle(store: Store, forMs: number): Promise<void> {
  await inHeldTransaction(store, forMs, [['select pg_current_xact_id()', []]]);
}

/** Sends a message whose commit is late: its id is older than the ids of everything sent elsewhere meanwhile. */
export async function sendLate(stage: Stage, chance: Chance, forMs: number): Promise<void> {
  await sendPastServers(stage, chance, forMs, (body) => body);
}

/** Sends a message whose ciphertext no key decrypts, as after a flipped bit on a disk. */
export async function sendTampered(stage: Stage, chance: Chance): Promise<void> {
  await sendPastServers(stage, chance, 0, (body, id) => {
    const last = body.length - 1;
    stage.scene.tampered.add(id);
    return Buffer.concat([body.subarray(0, last), Buffer.of((body[last] ?? 0) ^ 1)]);
  });
}

async function sendPastServers(
  stage: Stage,
  chance: Chance,
  forMs: number,
  spoil: (body: Buffer, id: string) => Buffer,
): Promise<void> {
  const { system, scene } = stage;
  const chat = chance.pick(scene.chats.filter(({ isDeleted }) => !isDeleted));
  const id = uuidv7();
  const cipher = createMessageCipher([{ id: 1, key: system.encryptionKey }]);
  const body = spoil(cipher.seal(chat.id, id, `chaos late ${id}`), id);
  await inHeldTransaction(
    system.store,
    forMs,
    [
      [
        `select * from send_batch(array[$1::uuid], array[$2::uuid], array[$3::uuid], array[$3::uuid], array[$4::bytea],
          array[$5::bytea], null, 'wait', 0)`,
        [chat.id, chat.owner.id, id, body, randomBytes(32)],
      ],
    ],
    'commit',
  );
}

async function inHeldTransaction(
  store: Store,
  forMs: number,
  statements: readonly (readonly [text: string, values: unknown[]])[],
  end: 'commit' | 'rollback' = 'rollback',
): Promise<void> {
  const client = await store.connect();
  try {
    await client.query('begin');
    for (const [text, values] of statements) await client.query(text, values);
    await wait(forMs);
    await client.query(end);
  } finally {
    await client.end().catch(() => {});
  }
}
