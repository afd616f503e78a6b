import { spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { elsewhere } from './testing/elsewhere.ts';
import { endlessQuery, query } from './testing/queries.ts';
import { newFolder, start, started } from './testing/started.ts';

test('the first start creates a UTF8 database that requires the password', async () => {
  const postgres = await start({ dataDir: await newFolder() });
  const [row] = await query(
    postgres.url,
    `select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale,
            lower('ПРИВЕТ') as lower, current_setting('listen_addresses') as listens
     from pg_database where datname = 'postgres'`,
  );
  expect(row).toEqual({ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', lower: 'привет', listens: '127.0.0.1' });
  await expect(query(postgres.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow('password');
});

test.skipIf(process.platform === 'win32')(
  'other users cannot enter the folder, and no Ctrl-C reaches the postmaster',
  async () => {
    const { postgres } = await started();
    const mode = async (path: string) => ((await stat(join(postgres.dataDir, path))).mode & 0o777).toString(8);
    const modes = [
      await mode('.'),
      await mode('data'),
      await mode('socket'),
      await mode('password'),
      await mode('postgres.log'),
    ];
    expect(modes).toEqual(['700', '700', '700', '600', '600']);
    const group = spawnSync('ps', ['-o', 'pgid=', '-p', String(postgres.pid)], { encoding: 'utf8' }).stdout;
    expect(Number(group)).toBe(postgres.pid);
  },
);

test('data, password and port are kept between starts', async () => {
  const { postgres: first } = await started();
  await query(first.url, 'create table kept_1 as select 42 as answer');
  await first.stop();
  const second = await start({ dataDir: first.dataDir });
  expect(second.url).toBe(first.url);
  expect(await query(second.url, 'select answer from kept_1')).toEqual([{ answer: 42 }]);
});

test('stop ends open sessions, can be called again, and never touches a later start', async () => {
  const { postgres: first } = await started();
  await endlessQuery(first.url);
  await Promise.all([first.stop(), first.stop()]);
  expect(await first.exited).toBe(0);
  const second = await start({ dataDir: first.dataDir });
  await first.stop();
  expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a configured port that is in use is an error that names it; a remembered one is replaced', async () => {
  const { postgres: first } = await started();
  await first.stop();
  await listenOn(first.port);
  await expect(start({ dataDir: first.dataDir, port: first.port })).rejects.toThrow(`Port ${first.port}`);
  const second = await start({ dataDir: first.dataDir });
  expect(second.port).not.toBe(first.port);
});

test('a setting that Postgres refuses is reported with the end of its log', async () => {
  const { postgres } = await started();
  await postgres.stop();
  const refused = start({ dataDir: postgres.dataDir, settings: { shared_buffers: 'many' } });
  await expect(refused).rejects.toThrow('invalid value for parameter "shared_buffers"');
  expect(await query((await start({ dataDir: postgres.dataDir })).url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('with a bare environment and LANG=C the database is UTF8', async () => {
  const { left } = await elsewhere(await newFolder(), { LANG: 'C' });
  expect(await query(left.url, 'show server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
});

async function listenOn(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
}
