import { existsSync } from 'node:fs';
import { readdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isRunning, serversOf, startOf } from './process-table.ts';
import { kill, startElsewhere, startedElsewhere } from './testing/elsewhere.ts';
import { endlessQuery, query } from './testing/queries.ts';
import { newFolder, start, started } from './testing/started.ts';
import { until } from './until.ts';

const deadlineMs = 25_000;

test('after kill -9 of the postmaster, with a busy back end, Postgres is started again', async () => {
  const { postgres: first } = await started();
  await query(first.url, 'create table kept_2 as select 42 as answer');
  await endlessQuery(first.url);
  process.kill(first.pid, 'SIGKILL');
  expect(await first.exited).toBe(null);
  const second = await start({ dataDir: first.dataDir });
  expect(await query(second.url, 'select answer from kept_2')).toEqual([{ answer: 42 }]);
});

test('after kill -9 of our process, the next start stops the Postgres that it left', async () => {
  const { parent, left } = await startedElsewhere();
  await kill(parent);
  expect(startOf(left.pid)).toBeDefined();
  const next = await start({ dataDir: left.dataDir });
  expect(startOf(left.pid)).toBeUndefined();
  expect(next.url).toBe(left.url);
});

test('after kill -9 of our process and of the postmaster, the next start ends orphaned back ends', async () => {
  const { parent, left } = await startedElsewhere();
  await endlessQuery(left.url);
  const before = serversOf(await realpath(join(left.dataDir, 'data')));
  await kill(parent);
  process.kill(left.pid, 'SIGKILL');
  const next = await start({ dataDir: left.dataDir });
  expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(before.filter((pid) => startOf(pid) !== undefined)).toEqual([]);
});

test('after kill -9 during initdb, the next start creates the database again', async () => {
  const dataDir = await newFolder();
  const parent = startElsewhere(dataDir, process.env);
  const draft = async () => (await readdir(dataDir).catch(() => [])).find((name) => name.startsWith('data.tmp-'));
  const half = async () => existsSync(join(dataDir, (await draft()) ?? 'none', 'PG_VERSION')) || undefined;
  expect(await until(half, deadlineMs)).toBe(true);
  await kill(parent);
  const postgres = await start({ dataDir });
  expect(await query(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(await draft()).toBeUndefined();
});

test('a lock and a postmaster.pid whose pid was reused block nothing', async () => {
  const { postgres: first } = await started();
  await first.stop();
  const stranger = process.ppid;
  await writeFile(join(first.dataDir, 'lock'), `${stranger} 1 of-another-time\n`);
  await writeFile(join(first.dataDir, 'data', 'postmaster.pid'), `${stranger}\n${first.dataDir}/data\n1\n`);
  const second = await start({ dataDir: first.dataDir });
  expect(isRunning(stranger)).toBe(true);
  expect(second.port).toBe(first.port);
});

test('a second start of a folder names the process that has it, and leaves it running', async () => {
  const { parent, left } = await startedElsewhere();
  await expect(start({ dataDir: left.dataDir })).rejects.toThrow(`is in use by process ${parent.pid}`);
  expect(await query(left.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});
