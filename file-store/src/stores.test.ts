import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createFolderStore } from './folder-store.ts';
import { StoreError } from './store.ts';
import { createFileStores, deleteObject } from './stores.ts';
import { inChunks, listed, someBytes } from './testing/bytes.ts';

const folder = await mkdtemp(join(tmpdir(), 'fechatter-stores-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const [one, other] = [createFolderStore(join(folder, 'one')), createFolderStore(join(folder, 'other'))];
const stores = createFileStores('Folder', { Folder: one, S3: other });
const bytes = someBytes(600_000);
const put = async (store = one) => {
  const id = randomUUID();
  await store.put(id, inChunks(bytes, 65_536), bytes.length);
  return id;
};

test('an object that was moved after its row was read is read from its new store', async () => {
  const id = await put(other);
  const read = Buffer.concat(await listed(stores.readerOf('Folder').read(id, { start: 5, end: 500_000 })));
  expect(read.equals(bytes.subarray(5, 500_000))).toBe(true);
  const nowhere = stores.readerOf('Folder').read(randomUUID(), { start: 0, end: 1 });
  await expect(listed(nowhere)).rejects.toMatchObject({ failure: 'missing' });
});

test('a read continues in the other store when the object is moved during it', async () => {
  const id = await put(other);
  const moving = createFileStores('Folder', {
    Folder: {
      ...one,
      async *read() {
        yield await Promise.resolve(bytes.subarray(0, 1_000));
        throw new StoreError('missing', 'moved');
      },
    },
    S3: other,
  });
  const read = Buffer.concat(await listed(moving.readerOf('Folder').read(id, { start: 0, end: bytes.length })));
  expect(read.equals(bytes)).toBe(true);
});

test('a store that is not configured cannot be used', () => {
  const alone = createFileStores('Folder', { Folder: one });
  expect(alone.names).toEqual(['Folder']);
  expect(() => alone.of('S3')).toThrow(StoreError);
});

test('operations of a store and their failures are counted', async () => {
  const counting = createFileStores('Folder', { Folder: one });
  const id = randomUUID();
  await counting.of('Folder').put(id, inChunks(bytes, 65_536), bytes.length);
  await listed(counting.readerOf('Folder').read(id, { start: 0, end: bytes.length }));
  await expect(listed(counting.readerOf('Folder').read(randomUUID(), { start: 0, end: 1 }))).rejects.toThrow();
  await counting.of('Folder').delete(id);
  expect(counting.counts.operations).toEqual({ put: 1, read: 2, size: 0, delete: 1 });
  expect(counting.counts.failures).toEqual({ put: 0, read: 1, size: 0, delete: 0 });
  expect(counting.counts.seconds.put).toBeGreaterThan(0);
});

test('an object that is no longer needed is deleted from every store that may have it', async () => {
  const id = await put();
  await other.put(id, inChunks(bytes, 65_536), bytes.length);
  await deleteObject(stores, { id, store: 'Folder', otherStore: 'S3' });
  expect([await one.sizeOf(id), await other.sizeOf(id)]).toEqual([undefined, undefined]);
});
