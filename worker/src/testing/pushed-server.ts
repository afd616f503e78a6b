import type { PushAddress } from '@fechatter/contract';
import { createPushCipher, openDatabase, stepConsumer, storedPushAddress } from '@fechatter/drizzle';
import { accessOf } from '@fechatter/drizzle/testing';
import { type Person, testServer } from '@fechatter/server/testing';
import { type Log, type GuardedRequestOptions } from '@fechatter/service-kit';
import { silentLog, testConfig, testEnvironment } from '@fechatter/service-kit/testing';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { claimPushes } from '../push/claim-pushes.ts';
import { decidePushes } from '../push/decide-pushes.ts';
import { replacePushKinds } from '../push/publish-kinds.ts';
import { pushConsumer } from '../push/push-consumer.ts';
import { pushWork } from '../push/push-work.ts';
import { type PushCounts, runPushes } from '../push/run-pushes.ts';
import type { PushDevice } from './push-service.ts';

const vapidKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

/** A device that nothing is sent to. */
export const anyDevice = (host = 'push.example.com'): PushDevice => ({
  kind: 'WebPush',
  endpoint: `https://${host}/${randomUUID()}`,
  keys: { p256dh: 'none', auth: randomBytes(16).toString('base64url') },
});

/** For tests: a real server, and pushes with the rights of a worker, when the test calls for them. */
export async function pushedServer(env: Readonly<Record<string, string>> = {}) {
  const app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
  const { url } = accessOf(app.database, 'worker');
  const db = openDatabase(accessOf(app.database, 'worker'));
  const settings = {
    FECHATTER_DATABASE_URL: url,
    FECHATTER_PUSH_VAPID_KEY: String(vapidKey),
    FECHATTER_PUSH_CONTACT: 'mailto:push@example.com',
    FECHATTER_OUTBOUND_ALLOW: '127.0.0.0/8,::1',
    ...env,
  };
  const config = testConfig('worker', settings);
  const cipher = createPushCipher(config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) })));
  const published = pushWork(config);
  await replacePushKinds(db, published?.kinds ?? []);
  /** The consumer begins at the end of the log. */
  await app.database.query('select log_step()');
  await stepConsumer(db, pushConsumer);
  const query = <Row extends Record<string, unknown> = Record<string, unknown>>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> => app.database.query<Row>(text, [...values]);
  return {
    app,
    db,
    config,
    query,
    /** Of a worker in a process of its own. */
    environment: {
      ...settings,
      FECHATTER_ENCRYPTION_KEYS: testEnvironment.FECHATTER_ENCRYPTION_KEYS,
      FECHATTER_WORKER_PORT: '0',
      FECHATTER_WORKER_METRICS_PORT: '0',
      FECHATTER_MAIL_VIA: 'off',
      FECHATTER_SEARCH_ENABLED: 'false',
    },
    /** Runs the consumer until it has processed every event. */
    consume: async () => {
      for (;;) {
        await app.database.query('select log_step()');
        if ((await stepConsumer(db, pushConsumer)).did === 'nothing') return;
      }
    },
    /** As push.subscribe of notify. */
    subscribe: async (person: Person, device: PushAddress = anyDevice()): Promise<string> => {
      const [{ id: sessionId } = { id: '' }] = (await person.trpc.auth.sessions.query()).sessions;
      const { hash, host, text } = storedPushAddress(device);
      const [row] = await query<{ id: string }>(
        'select subscription_id as id from push_subscribe($1, $2, $3, $4, $5, $6, $7, 50)',
        [randomUUID(), person.id, sessionId, device.kind, hash, host, cipher.seal(person.id, hash, text)],
      );
      if (row === undefined) throw new Error('the session has ended');
      return row.id;
    },
    dueNow: () => query(`update push_pending set due_at = '2000-01-01'`),
    pending: () => query<PendingRow>('select * from push_pending order by id'),
    /** What would be sent if everything were due. */
    decided: async () => {
      await query(`update push_pending set due_at = '2000-01-01'`);
      return decidePushes(db, await claimPushes(db, { max: 100, unproven: 100, perHost: 100, hosts: new Map() }));
    },
    /** Sends what is due, by `count` workers, until `done` has resolved. Returns the counts of the first. */
    whileSending: async (
      done: () => Promise<unknown>,
      { count = 1, log = silentLog(), ...options }: GuardedRequestOptions & { count?: number; log?: Log } = {},
    ): Promise<Readonly<PushCounts>> => {
      const stop = new AbortController();
      const work = pushWork(config, options);
      if (work === undefined) throw new Error('pushes are off');
      const running = Array.from({ length: count }, () =>
        runPushes({ deps: { ...work, db, log }, signal: stop.signal, pollMs: 20 }),
      );
      try {
        await done();
      } finally {
        stop.abort();
        await Promise.all(running.map(({ ended }) => ended));
        work.close();
      }
      return running[0]?.counts ?? Promise.reject(new Error('nobody sends'));
    },
    async [Symbol.asyncDispose]() {
      await db.close();
      await app[Symbol.asyncDispose]();
    },
  };
}

/** A row of push_pending. */
export interface PendingRow extends Record<string, unknown> {
  readonly id: number;
  readonly subscription_id: string;
  readonly host: string;
  readonly chat_id: string | null;
  readonly is_clearing: boolean;
  readonly due_at: Date;
  readonly created_at: Date;
  readonly lease: string | null;
  readonly attempts: number;
  readonly newer_seq: number | null;
}
