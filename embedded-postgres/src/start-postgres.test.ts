import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { lockFolder } from './folder-lock.ts';
import { unprivilegedUser } from './identity.ts';
import { startPostgres, type EmbeddedPostgres, type StartOptions } from './index.ts';
import { platformBinDir, restoreSymlinks } from './platform-binaries.ts';
import { answers, serversOf, startOf } from './process-table.ts';
import { until } from './until.ts';

vi.setConfig({ testTimeout: 20_000 });

const isRoot = process.getuid?.() === 0;
const hasNamespaces = spawnSync('unshare', ['--user', '--map-user=1', '--map-group=1', 'true']).status === 0;
const deadlineMs = 10_000;

test('the first start makes a UTF8 database that only the password opens', async () => {
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
  'nobody else can enter the folder, no Ctrl-C reaches the postmaster',
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

test('after kill -9 of the postmaster, with a back end busy, it is started again', async () => {
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

test('after kill -9 in the middle of initdb, the next start makes the database anew', async () => {
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

test('a lock and a postmaster.pid whose process is another now block nothing', async () => {
  const { postgres: first } = await started();
  await first.stop();
  const stranger = process.ppid;
  await writeFile(join(first.dataDir, 'lock'), `${stranger} 1 of-another-time\n`);
  await writeFile(join(first.dataDir, 'data', 'postmaster.pid'), `${stranger}\n${first.dataDir}/data\n1\n`);
  const second = await start({ dataDir: first.dataDir });
  expect(answers(stranger)).toBe(true);
  expect(second.port).toBe(first.port);
});

test('a second start of a folder names the process that has it, and leaves it running', async () => {
  const { parent, left } = await startedElsewhere();
  await expect(start({ dataDir: left.dataDir })).rejects.toThrow(`is in use by process ${parent.pid}`);
  expect(await query(left.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('of many that find a stale lock one gets it', async () => {
  const folder = await newFolder();
  await mkdir(folder);
  await writeFile(join(folder, 'lock'), '999999999 1 stale\n');
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await readdir(folder)).toEqual(['lock']);
});

test('a wanted port that is taken is an error with the port in it; a remembered one is replaced', async () => {
  const { postgres: first } = await started();
  await first.stop();
  await listenOn(first.port);
  await expect(start({ dataDir: first.dataDir, port: first.port })).rejects.toThrow(`Port ${first.port}`);
  const second = await start({ dataDir: first.dataDir });
  expect(second.port).not.toBe(first.port);
});

test('a setting that Postgres refuses is told with the end of its log', async () => {
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

test('a platform without binaries is told of FECHATTER_DATABASE_URL', async () => {
  await expect(platformBinDir('sunos', 'sparc')).rejects.toThrow('FECHATTER_DATABASE_URL');
});

test('symlinks of the libraries that no install script made are made', async () => {
  const native = join(await newFolder(), 'native');
  await mkdir(join(native, 'lib'), { recursive: true });
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  await writeFile(join(native, 'lib', 'libpq.so.5.18'), 'library');
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  await Promise.all([restoreSymlinks(native), restoreSymlinks(native)]);
  expect(await realpath(join(native, 'lib', 'libpq.so.5'))).toBe(await realpath(join(native, 'lib', 'libpq.so.5.18')));
});

test.skipIf(!isRoot || !hasNamespaces)('root, user namespaces allowed: runs in place below a closed home', async () => {
  const dataDir = await newFolder(homedir());
  const postgres = await start({ dataDir, binDir: await closedBinaries() });
  expect(postgres.runsAs).toBe('namespace');
  expect(await query(postgres.url, 'show data_directory')).toEqual([{ data_directory: join(dataDir, 'data') }]);
  expect((await stat(join(dataDir, 'data'))).uid).toBe(0);
});

test.skipIf(!isRoot)(
  'root, no user namespaces, a closed home: files and binaries go to a reachable folder',
  async () => {
    const dataDir = await newFolder(homedir());
    const reachable = dirname(await newFolder('/var/tmp'));
    const options = { dataDir, runAs: 'dropped', reachableFolders: [reachable] } as const;
    await openTo(reachable);
    const first = await start({ ...options, binDir: await closedBinaries() });
    await query(first.url, 'create table kept_3 as select 42 as answer');
    await first.stop();
    const second = await start({ ...options, runAs: 'auto' });
    expect(second.runsAs).toBe('dropped');
    expect(await query(second.url, 'select answer from kept_3')).toEqual([{ answer: 42 }]);
    expect(await realpath(join(dataDir, 'data'))).toContain(reachable);
  },
);

test.skipIf(!isRoot)('root, no user namespaces, a reachable folder: runs there as an unprivileged user', async () => {
  const dataDir = await newFolder('/var/tmp');
  await openTo(dirname(dataDir));
  const postgres = await start({ dataDir, runAs: 'dropped', reachableFolders: [] });
  expect(await query(postgres.url, 'show data_directory')).toEqual([{ data_directory: join(dataDir, 'data') }]);
  expect((await stat(join(dataDir, 'data'))).uid).toBe(unprivilegedUser().uid);
});

test.skipIf(!isRoot || !hasNamespaces)(
  'root: a database made in a namespace is handed to the dropped user',
  async () => {
    const dataDir = await newFolder('/var/tmp');
    await openTo(dirname(dataDir));
    const first = await start({ dataDir, runAs: 'namespace' });
    await query(first.url, 'create table kept_3 as select 42 as answer');
    await first.stop();
    const second = await start({ dataDir, runAs: 'dropped', reachableFolders: [] });
    expect(await query(second.url, 'select answer from kept_3')).toEqual([{ answer: 42 }]);
    await second.stop();
    const third = await start({ dataDir, runAs: 'namespace' });
    expect(await query(third.url, 'select answer from kept_3')).toEqual([{ answer: 42 }]);
  },
);

async function newFolder(below = tmpdir()): Promise<string> {
  const parent = await mkdtemp(join(await realpath(below), 'embedded-postgres-test-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true, maxRetries: 5 }));
  return join(parent, 'pg');
}

const openTo = (folder: string) => chmod(folder, 0o711);

async function start(options: StartOptions): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ durable: false, ...options });
  onTestFinished(() => postgres.stop());
  return postgres;
}

async function started(): Promise<{ postgres: EmbeddedPostgres }> {
  return { postgres: await start({ dataDir: await madeFolder() }) };
}

/** The folder that tests take turns in: initdb is most of a first start. Each finds it as the one before has left it. */
async function madeFolder(): Promise<string> {
  made ??= mkdtemp(join(await realpath(tmpdir()), 'embedded-postgres-made-'));
  return join(await made, 'pg');
}

let made: Promise<string> | undefined;

afterAll(async () => {
  if (made) await rm(await made, { recursive: true, maxRetries: 5 });
});

type Left = Pick<EmbeddedPostgres, 'url' | 'pid' | 'dataDir'>;

/** Starts Postgres in a Node process of its own, which waits to be killed. */
async function startedElsewhere(): Promise<{ parent: ChildProcess; left: Left }> {
  return elsewhere(await madeFolder(), process.env);
}

async function elsewhere(dataDir: string, env: NodeJS.ProcessEnv): Promise<{ parent: ChildProcess; left: Left }> {
  const parent = startElsewhere(dataDir, env);
  let output = '';
  parent.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const line = await until(() => (output.includes('\n') ? output : undefined), deadlineMs);
  const [url = '', pid] = line?.trim().split(' ') ?? [];
  onTestFinished(() => {
    if (serversOf(join(dataDir, 'data')).includes(Number(pid))) process.kill(Number(pid), 'SIGINT');
  });
  return { parent, left: { url, pid: Number(pid), dataDir } };
}

function startElsewhere(dataDir: string, env: NodeJS.ProcessEnv): ChildProcess {
  const code = `
    import { startPostgres } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
    const { url, pid } = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false });
    console.log(url, pid);`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', code];
  const parent = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => kill(parent));
  return parent;
}

async function kill(child: ChildProcess): Promise<void> {
  const { pid } = child;
  child.kill('SIGKILL');
  await until(() => (pid === undefined || startOf(pid) === undefined ? true : undefined), deadlineMs);
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A back end that computes and never looks whether its postmaster is there. */
async function endlessQuery(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  void client.query('do $$ begin loop end loop; end $$').catch(() => {});
  const busy = `select pid from pg_stat_activity where state = 'active' and query like 'do $$ begin loop%'`;
  expect(await until(async () => (await query(url, busy))[0], deadlineMs)).toBeDefined();
}

async function listenOn(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
}

/** A copy of the binaries that only root can reach. */
async function closedBinaries(): Promise<string> {
  const native = join(dirname(await newFolder(homedir())), 'native');
  await cp(dirname(await platformBinDir()), native, { recursive: true, verbatimSymlinks: true });
  return join(native, 'bin');
}
