import type { PushAddress } from '@fechatter/contract';
import { createPushCipher, storedPushAddress } from '@fechatter/drizzle';
import { createECDH, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { RunOptions } from '../benchmark.ts';
import { EndingTogether } from '../frame/ending-together.ts';
import { type BenchDatabase, benchDatabase } from '../system/bench-database.ts';
import { benchKeys } from '../system/bench-keys.ts';
import { type BenchService, benchService } from '../system/bench-service.ts';
import { type BenchPerson, insertChats, makePeople, makeWorkspace } from '../system/people.ts';
import { deviceTokenOf, openReceivers } from './receivers.ts';

export const PEOPLE = 10_000;
const GROUP_SIZE = 10;
export type Kind = 'WebPush' | 'Apns';

export interface Stage extends AsyncDisposable {
  readonly pool: pg.Pool;
  readonly database: BenchDatabase;
  readonly worker: BenchService;
  readonly encryptionKey: Buffer;
  readonly sender: BenchPerson;
  /** Everybody but the sender. */
  readonly people: readonly BenchPerson[];
  /** Of the sender and the nth person each. */
  readonly pairs: readonly string[];
  /** Of the sender and ten people each, in order. */
  readonly groups: readonly string[];
  /** Who gets a push. */
  onPush: (person: number) => void;
  /** Gives everybody one device of this kind, and no other. */
  subscribe(kind: Kind): Promise<void>;
}

export async function openStage({ folder, nodeArgs }: RunOptions): Promise<Stage> {
  const opened = new EndingTogether();
  const receivers = opened.use(await openReceivers((person) => stage.onPush(person)));
  const database = opened.use(await benchDatabase({ folder, isDurable: false, settings: {} }));
  const { pool } = database;
  const keys = benchKeys();
  await keys.publish(pool);
  const [sender, ...people] = await makePeople(pool, PEOPLE + 1);
  if (sender === undefined) throw new Error('somebody sends');
  const workspaceId = await makeWorkspace(pool, [sender, ...people]);
  const chatsOf = (size: number) => makeChats({ pool, workspaceId, sender, people }, size);
  const [pairs, groups] = [await chatsOf(1), await chatsOf(GROUP_SIZE)];
  await pool.query('vacuum analyze');

  const ca = join(folder, 'receivers.pem');
  await writeFile(ca, receivers.ca);
  const worker = opened.use(
    await benchService({
      kind: 'worker',
      database,
      keys,
      folder,
      nodeArgs,
      env: {
        NODE_EXTRA_CA_CERTS: ca,
        FECHATTER_SEARCH_ENABLED: 'false',
        FECHATTER_OUTBOUND_ALLOW: '127.0.0.0/8,::1',
        FECHATTER_PUSH_VAPID_KEY: newKey(),
        FECHATTER_PUSH_APNS_KEY: newKey(),
        FECHATTER_PUSH_APNS_KEY_ID: 'ABC123DEFG',
        FECHATTER_PUSH_APNS_TEAM_ID: 'DEF123GHIJ',
        FECHATTER_PUSH_APNS_URL: receivers.apnsUrl,
      },
    }),
  );
  const cipher = createPushCipher([{ id: 1, key: keys.encryptionKey }]);
  // One for everybody: nobody decrypts.
  const browser = {
    p256dh: createECDH('prime256v1').generateKeys().toString('base64url'),
    auth: randomBytes(16).toString('base64url'),
  };
  const addressOf = (kind: Kind, n: number): PushAddress =>
    kind === 'WebPush'
      ? { kind, endpoint: receivers.endpointOf(n), keys: browser }
      : { kind, token: deviceTokenOf(n), topic: 'com.example.chat', environment: 'production' };

  const stage: Stage = {
    pool,
    database,
    worker,
    encryptionKey: keys.encryptionKey,
    sender,
    people,
    pairs,
    groups,
    onPush: () => {},
    async subscribe(kind) {
      await pool.query('delete from push_subscriptions');
      const stored = people.map((person, n) => ({ ...person, ...storedPushAddress(addressOf(kind, n)) }));
      await pool.query(
        `insert into push_subscriptions (id, user_id, session_id, kind, address_hash, host, sealed)
         select gen_random_uuid(), s.user_id, s.session_id, $1, s.hash, s.host, s.sealed
         from unnest($2::uuid[], $3::uuid[], $4::bytea[], $5::text[], $6::bytea[]) s (user_id, session_id, hash, host, sealed)`,
        [
          kind,
          stored.map(({ userId }) => userId),
          stored.map(({ sessionId }) => sessionId),
          stored.map(({ hash }) => hash),
          stored.map(({ host }) => host),
          stored.map(({ userId, hash, text }) => cipher.seal(userId, hash, text)),
        ],
      );
      await pool.query('vacuum analyze push_subscriptions');
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
  return stage;
}

const newKey = (): string =>
  String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }));

interface ChatsOptions {
  readonly pool: pg.Pool;
  readonly workspaceId: string;
  readonly sender: BenchPerson;
  readonly people: readonly BenchPerson[];
}

/** Chats of the sender and the next `size` people, until everybody is in one. */
async function makeChats(
  { pool, workspaceId, sender, people }: ChatsOptions,
  size: number,
): Promise<readonly string[]> {
  const ids = Array.from({ length: PEOPLE / size }, () => randomUUID());
  await insertChats(pool, workspaceId, sender.userId, ids);
  await pool.query(
    `insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
     select m.chat_id, m.user_id, 'Member', 1, 0, 0 from unnest($1::uuid[], $2::uuid[]) m (chat_id, user_id)`,
    [
      [...people.map((_, n) => ids[Math.floor(n / size)]), ...ids],
      [...people.map(({ userId }) => userId), ...ids.map(() => sender.userId)],
    ],
  );
  return ids;
}
