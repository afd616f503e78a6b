import { Client } from 'pg';
import { expect } from 'vitest';
import { until } from '../until.ts';

const deadlineMs = 25_000;

/** The rows of one statement, on its own connection. */
export async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Starts a back end that computes and never checks whether its postmaster is alive. */
export async function endlessQuery(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  void client.query('do $$ begin loop end loop; end $$').catch(() => {});
  const busy = `select pid from pg_stat_activity where state = 'active' and query like 'do $$ begin loop%'`;
  expect(await until(async () => (await query(url, busy))[0], deadlineMs)).toBeDefined();
}
