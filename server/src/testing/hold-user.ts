import { expect } from 'vitest';
import type { TestServer } from './test-server.ts';

/** A locked row of a person, to stage a race in a certain order. */
export interface HeldUser {
  /** Settles when this many transactions wait for a lock. */
  waiting(count: number): Promise<void>;
  release(): Promise<void>;
}

export async function holdUser({ db, database }: TestServer, userId: string): Promise<HeldUser> {
  const client = await db.pool.connect();
  await client.query('begin');
  await client.query('select from users where id = $1 for update', [userId]);
  const waiters = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  return {
    waiting: (count) => expect.poll(async () => (await database.query(waiters)).length, { interval: 5 }).toBe(count),
    async release() {
      await client.query('rollback');
      client.release();
    },
  };
}
