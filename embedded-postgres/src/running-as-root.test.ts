import { spawnSync } from 'node:child_process';
import { chmod, cp, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { unprivilegedUser } from './identity.ts';
import { platformBinDir } from './platform-binaries.ts';
import { query } from './testing/queries.ts';
import { newFolder, start } from './testing/started.ts';

const isRoot = process.getuid?.() === 0;
const hasNamespaces = spawnSync('unshare', ['--user', '--map-user=1', '--map-group=1', 'true']).status === 0;

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
  'root: a database made in a namespace is given to the dropped user',
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

const openTo = (folder: string) => chmod(folder, 0o711);

/** A copy of the binaries that only root can read. */
async function closedBinaries(): Promise<string> {
  const native = join(dirname(await newFolder(homedir())), 'native');
  await cp(dirname(await platformBinDir()), native, { recursive: true, verbatimSymlinks: true });
  return join(native, 'bin');
}
