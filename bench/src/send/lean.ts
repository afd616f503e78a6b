import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The arguments that make pgbench send with the lean statement: one insert, one counter and one event a message. */
export const leanScripts: readonly string[] = ['-f', fileOf('lean-send.sql')];

/** Makes a database of the lean tables, with 1,000 chats of 20 people, beside ours; returns its URL. */
export async function makeLeanDatabase(owner: pg.Pool, databaseUrl: string): Promise<string> {
  await owner.query('create database lean');
  const url = Object.assign(new URL(databaseUrl), { pathname: '/lean' }).href;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(await readFile(fileOf('lean-schema.sql'), 'utf8'));
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
  return url;
}
