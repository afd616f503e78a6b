import { openDatabase, stepConsumer } from '@fechatter/drizzle';
import { accessOf } from '@fechatter/drizzle/testing';
import { type TestServer, testServer } from '@fechatter/server/testing';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { searchWork } from '../search-index/search-work.ts';
import { stepWalk } from '../search-index/walk.ts';

type Environment = Readonly<Record<string, string>>;

/** For tests: a real server, and a search index that is written when the test calls for it. */
export async function searchedServer(env: Environment = {}) {
  const app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0', ...env });
  const index = indexing(app, env);
  return {
    app,
    ...index,
    async [Symbol.asyncDispose]() {
      await index.db.close();
      await app[Symbol.asyncDispose]();
    },
  };
}

/** The search index of a server, written with the rights of a worker and with the given settings. */
export function indexing(app: TestServer, env: Environment = {}) {
  const access = accessOf(app.database, 'worker');
  const db = openDatabase(access);
  const work = searchWork(testConfig('worker', { FECHATTER_DATABASE_URL: access.url, ...env }), silentLog());
  /** Runs the consumer until it has processed every event. */
  const consume = async () => {
    for (;;) {
      await app.database.query('select log_step()');
      const step = await stepConsumer(db, work.consumer);
      if (step.did === 'nothing') return;
    }
  };
  const walk = async (options: Parameters<typeof stepWalk>[2] = {}) => {
    let did: string;
    do ({ did } = await stepWalk(db, work.maker, options));
    while (did === 'walked' || did === 'indexed');
  };
  return {
    db,
    ...work,
    consume,
    walk,
    /** Brings every message into the index. */
    async index() {
      await consume();
      await walk();
    },
    indexed: async () => {
      const rows = await app.database.query<{ id: string }>('select message_id as id from message_search order by 1');
      return rows.map(({ id }) => id);
    },
  };
}
