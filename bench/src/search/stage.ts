import { chanceOf } from '@fechatter/testing/chance';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunOptions } from '../benchmark.ts';
import { EndingTogether } from '../frame/ending-together.ts';
import { cpuMs } from '../frame/process-cost.ts';
import { postgresMs } from '../frame/reaped-cost.ts';
import { benchDatabase } from '../system/bench-database.ts';
import { benchKeys } from '../system/bench-keys.ts';
import { benchService } from '../system/bench-service.ts';
import { makePeople, makeWorkspace } from '../system/people.ts';
import { CHAT_COUNTS, writeCorpus } from './corpus.ts';
import { lagsAt } from './lag.ts';
import { type Vocabulary, vocabularyOf } from './made-texts.ts';

export const LIMIT = 20;
const SEED = 20_261_130;
const POLL_MS = 100;
const BUILT_WITHIN_MS = 6 * 3_600_000;

/** How the worker built the index of what was there. */
export interface Built {
  readonly seconds: number;
  readonly workerUs: number;
  readonly postgresUs: number;
  readonly bytesAMessage: number;
  /** Of the vectors and their index. */
  readonly clearBytesAMessage: number;
}

/** What a search returned, newest first, and how long it took. */
export interface SearchResult {
  readonly ids: readonly string[];
  readonly tookMs: number;
}

export interface Stage extends AsyncDisposable {
  readonly vocabulary: Vocabulary;
  readonly built: Built;
  /** By our service, over HTTP, for the person in the nth number of chats. */
  search(caller: number, query: string): Promise<SearchResult>;
  /** By Postgres over the clear text, one statement. */
  searchClear(caller: number, tsquery: string): Promise<SearchResult>;
  lags(perSecond: number, forMs: number): Promise<readonly number[]>;
}

export async function openStage({ folder, nodeArgs, print }: RunOptions, messages: number): Promise<Stage> {
  const opened = new EndingTogether();
  const settings = { max_wal_size: '8GB', shared_buffers: '2GB', maintenance_work_mem: '256MB' };
  const database = opened.use(await benchDatabase({ folder, isDurable: false, settings }));
  const { pool } = database;
  const keys = benchKeys();
  await keys.publish(pool);
  const people = await makePeople(pool, CHAT_COUNTS.length);
  const workspaceId = await makeWorkspace(pool, people);
  const chance = chanceOf(SEED);
  const vocabulary = vocabularyOf(chance);
  const { encryptionKey } = keys;
  const startedAtMs = performance.now();
  const corpus = { pool, workspaceId, people, encryptionKey, messages, vocabulary, chance };
  const { chatIds } = await writeCorpus(corpus);
  await pool.query('create index clear_words on clear_messages using gin (words)');
  await pool.query('vacuum analyze');
  await pool.query('checkpoint');
  print(`  ${messages.toLocaleString('en-US')} messages written in ${secondsSince(startedAtMs)} s`);

  const postgresBeforeMs = postgresMs(database.pid);
  const worker = opened.use(await benchService({ kind: 'worker', database, keys, folder, nodeArgs }));
  const seconds = await secondsToBuild();
  const built = {
    seconds,
    workerUs: (cpuMs(worker.pid) * 1_000) / messages,
    postgresUs: ((postgresMs(database.pid) - postgresBeforeMs) * 1_000) / messages,
    ...(await bytes()),
  };
  print(`  index built in ${seconds.toFixed(0)} s`);
  await pool.query('vacuum analyze');
  const server = opened.use(await benchService({ kind: 'server', database, keys, folder, nodeArgs }));
  const tokens = people.map((person) => keys.tokenFor(person));

  /** By the clock of the database, from when the worker began until it was in use. */
  async function secondsToBuild(): Promise<number> {
    const untilMs = performance.now() + BUILT_WITHIN_MS;
    while (performance.now() < untilMs) {
      const { rows } = await pool.query<{ seconds: number }>(
        `select extract(epoch from active_at - created_at)::float8 as seconds from search_generations where state = 'Active'`,
      );
      if (rows[0] !== undefined) return rows[0].seconds;
      await wait(POLL_MS);
    }
    throw new Error('the worker has not built the index');
  }

  async function bytes() {
    const { rows } = await pool.query<{ ours: number; clear: number }>(`
      select (select sum(pg_total_relation_size(inhrelid)) from pg_inherits
          where inhparent = 'message_search'::regclass)::float8 as ours,
        (pg_relation_size('clear_words') + (select sum(pg_column_size(words)) from clear_messages))::float8 as clear`);
    const { ours = 0, clear = 0 } = rows[0] ?? {};
    return { bytesAMessage: ours / messages, clearBytesAMessage: clear / messages };
  }

  return {
    vocabulary,
    built,
    async search(caller, query) {
      const input = encodeURIComponent(JSON.stringify({ json: { workspaceId, query, limit: LIMIT } }));
      const beforeMs = performance.now();
      const response = await fetch(`${server.url}/trpc/message.search?input=${input}`, {
        headers: { authorization: `Bearer ${tokens[caller] ?? ''}` },
      });
      const text = await response.text();
      const tookMs = performance.now() - beforeMs;
      if (!response.ok) throw new Error(`message.search: ${response.status} ${text.slice(0, 200)}`);
      const { result } = JSON.parse(text) as {
        result: { data: { json: { hits: { message: { id: string } }[] } } };
      };
      return { ids: result.data.json.hits.map(({ message }) => message.id), tookMs };
    },
    async searchClear(caller, tsquery) {
      const beforeMs = performance.now();
      const { rows } = await pool.query<{ id: string }>(
        `select id, chat_id, content from clear_messages
         where words @@ $1::tsquery and chat_id = any ($2::uuid[]) order by id desc limit ${LIMIT}`,
        [tsquery, chatIds.slice(0, CHAT_COUNTS[caller])],
      );
      return { ids: rows.map(({ id }) => id), tookMs: performance.now() - beforeMs };
    },
    lags: (perSecond, forMs) =>
      lagsAt({ pool, chatIds, senderId: people.at(-1)?.userId ?? '', encryptionKey, vocabulary }, { perSecond, forMs }),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

const secondsSince = (atMs: number): string => ((performance.now() - atMs) / 1_000).toFixed(0);
