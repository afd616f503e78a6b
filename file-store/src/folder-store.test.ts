import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { createFolderStore } from './folder-store.ts';
import { inChunks, someBytes } from './testing/bytes.ts';
import { storeContract } from './testing/store-contract.ts';

const folders: string[] = [];
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-files-'));
  folders.push(folder);
  return folder;
};
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

storeContract('folder', async () => createFolderStore(join(await newFolder(), 'not/there/yet')));

test('objects are spread over folders that only their owner can read', async () => {
  const folder = await newFolder();
  const store = createFolderStore(folder);
  const id = randomUUID();
  await store.put(id, inChunks(someBytes(10), 10), 10);
  const place = join(folder, id.slice(-2), id.slice(-4, -2));
  expect(await readdir(place)).toEqual([id]);
  expect((await stat(join(place, id))).mode & 0o077).toBe(0);
  expect((await stat(place)).mode & 0o077).toBe(0);
});

test('leftovers of a killed writer are removed after a day', async () => {
  const folder = await newFolder();
  const store = createFolderStore(folder);
  await store.put(randomUUID(), inChunks(someBytes(1), 1), 1);
  const unfinished = join(folder, 'unfinished');
  const [old, young] = [`${randomUUID()}.aa`, `${randomUUID()}.bb`];
  for (const name of [old, young]) await writeFile(join(unfinished, name), 'x');
  await utimes(join(unfinished, old), 0, Date.now() / 1_000 - 90_000);
  await store.tidy();
  expect(await readdir(unfinished)).toEqual([young]);
});

test('a folder that is not writable is a failure of the store', async () => {
  const folder = await newFolder();
  await writeFile(join(folder, 'file'), '');
  const store = createFolderStore(join(folder, 'file'));
  await expect(store.put(randomUUID(), inChunks(someBytes(1), 1), 1)).rejects.toMatchObject({ failure: 'unavailable' });
});

const mounting = (folder: string, then: string) =>
  ['--map-root-user', '--mount', 'sh', '-c', `mount -t tmpfs -o size=256k tmpfs "${folder}" && ${then}`] as const;
const mayMount = spawnSync('unshare', mounting(tmpdir(), 'true')).status === 0;

test.skipIf(!mayMount)('a full disk is reported as such, and no partial object is visible', async () => {
  const folder = await newFolder();
  const program = fileURLToPath(new URL('./testing/full-disk-process.ts', import.meta.url));
  const { stdout, stderr } = spawnSync(
    'unshare',
    mounting(folder, `"${process.execPath}" --import tsx "${program}" "${folder}"`),
    { encoding: 'utf8' },
  );
  expect({ stdout: stdout.trim(), stderr }).toEqual({
    stdout: '{"failure":"full","left":[],"unfinished":[]}',
    stderr: '',
  });
});
