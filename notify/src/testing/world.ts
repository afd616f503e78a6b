import {
  appendEvents,
  createNotifier,
  createMessageCipher,
  type Database,
  type NewEvent,
  openDatabase,
  sql,
} from '@fechatter/drizzle';
import { accessOf, type TestDatabase, testDatabase } from '@fechatter/drizzle/testing';
import { testConfig, testKeys } from '@fechatter/service-kit/testing';
import { randomUUID } from 'node:crypto';
import { type StartOptions, startNotify } from '../start.ts';
import { type ChatChanges, chatChanges } from './chat-changes.ts';
import { changeIn, type Person } from './changes.ts';
import { type MessageChanges, messageChanges } from './message-changes.ts';
import { type WorkspaceChanges, workspaceChanges } from './workspace-changes.ts';

export type { Person, Place } from './changes.ts';

/** People, workspaces and chats in their own database, changed as the server would: fact and event together. */
export interface World extends AsyncDisposable, WorkspaceChanges, ChatChanges, MessageChanges {
  readonly database: TestDatabase;
  readonly db: Database;
  notify(options?: StartOptions, env?: Record<string, string>): ReturnType<typeof startNotify>;
  person(name?: string): Promise<Person>;
  session(userId: string, expiresInSeconds?: number): Promise<Pick<Person, 'sessionId' | 'token'>>;
  revoke(person: Person): Promise<void>;
  append(...events: NewEvent[]): Promise<void>;
}

/** Makes an empty world. */
export async function testWorld(): Promise<World> {
  const database = await testDatabase();
  const db = openDatabase({ ...database, statementTimeoutMs: 8_000 });
  const keys = await testKeys();
  const notifier = createNotifier(db.pool);
  const ringKey = Buffer.alloc(32, 1);
  const cipher = createMessageCipher([{ id: 1, key: ringKey }]);
  await db.pool.query('insert into signing_keys (kid, public_jwk) values ($1, $2)', [
    keys.published.kid,
    JSON.stringify(keys.published.jwk),
  ]);

  const change = changeIn(db, notifier);
  const world: World = {
    ...workspaceChanges(change),
    ...chatChanges(change),
    ...messageChanges({ db, notifier, cipher, change }),
    database,
    db,
    notify: (options, env) =>
      startNotify(
        testConfig('notify', {
          FECHATTER_DATABASE_URL: accessOf(database, 'notify').url,
          FECHATTER_ENCRYPTION_KEYS: `1:${ringKey.toString('base64')}`,
          FECHATTER_LOG_LEVEL: process.env.NOTIFY_TEST_LOG ?? 'silent',
          ...env,
        }),
        options,
      ),
    async person(name = 'someone') {
      const id = randomUUID();
      await db.pool.query(`insert into users (id, email, full_name, password_hash) values ($1, $2, $3, 'none')`, [
        id,
        `${id}@example.com`,
        name,
      ]);
      return { id, ...(await world.session(id)) };
    },
    async session(userId, expiresInSeconds = 3_600) {
      const sessionId = randomUUID();
      await db.pool.query(
        `insert into sessions (id, user_id, refresh_hash, expires_at)
         values ($1, $2, '\\x00', now() + make_interval(secs => $3))`,
        [sessionId, userId, expiresInSeconds],
      );
      const nowSeconds = Math.floor(Date.now() / 1_000);
      const token = await keys.sign({
        sub: userId,
        sid: sessionId,
        iss: 'fechatter',
        aud: 'fechatter',
        iat: nowSeconds,
        exp: nowSeconds + 900,
      });
      return { sessionId, token };
    },
    revoke: (person) =>
      change(async (tx) => {
        await tx.execute(sql`update sessions set revoked_at = now() where id = ${person.sessionId}`);
        await appendEvents(tx, [{ kind: 'session.revoked', userId: person.id, subjectId: person.sessionId }]);
      }),
    append: (...events) => change((tx) => appendEvents(tx, events)),
    async [Symbol.asyncDispose]() {
      await db.close();
      await database[Symbol.asyncDispose]();
    },
  };

  return world;
}
