import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type FileStore, StoreError, WrongSizeError } from '../store.ts';
import { inChunks, listed, readAll, someBytes } from './bytes.ts';

/** What every store must do, as tests; `open` makes an empty one. */
export function storeContract(name: string, open: () => Promise<FileStore>): void {
  test(`${name}: a stored object is read whole and by ranges`, async () => {
    const store = await open();
    const bytes = someBytes(700_001);
    const id = randomUUID();
    await store.put(id, inChunks(bytes, 65_000), bytes.length);
    expect(await store.sizeOf(id)).toBe(bytes.length);
    expect((await readAll(store, id, 0, bytes.length)).equals(bytes)).toBe(true);
    for (const [start, end] of [
      [0, 1],
      [262_143, 262_145],
      [700_000, 700_001],
      [1, 700_000],
    ] as const)
      expect((await readAll(store, id, start, end)).equals(bytes.subarray(start, end))).toBe(true);
  });

  test(`${name}: an empty object exists`, async () => {
    const store = await open();
    const id = randomUUID();
    await store.put(id, inChunks(Buffer.alloc(0), 1), 0);
    expect(await store.sizeOf(id)).toBe(0);
  });

  test.each([
    ['fewer', 9],
    ['more', 11],
  ])(`${name}: %s bytes than announced leave nothing`, async (_, sizeBytes) => {
    const store = await open();
    const id = randomUUID();
    await expect(store.put(id, inChunks(someBytes(10), 3), sizeBytes)).rejects.toBeInstanceOf(WrongSizeError);
    expect(await store.sizeOf(id)).toBeUndefined();
    expect(await idsOf(store)).toEqual([]);
  });

  test(`${name}: a sender that fails leaves nothing, and its error is thrown`, async () => {
    const store = await open();
    const id = randomUUID();
    await expect(store.put(id, brokenOff(), 200_000)).rejects.toThrow('gone');
    expect(await store.sizeOf(id)).toBeUndefined();
    expect(await idsOf(store)).toEqual([]);
  });

  test(`${name}: an unknown object is missing, and can be deleted`, async () => {
    const store = await open();
    const id = randomUUID();
    expect(await store.sizeOf(id)).toBeUndefined();
    await expect(readAll(store, id, 0, 1)).rejects.toMatchObject({ failure: 'missing' });
    await expect(readAll(store, id, 0, 1)).rejects.toBeInstanceOf(StoreError);
    await store.delete(id);
  });

  test(`${name}: lists existing objects and no deleted ones`, async () => {
    const store = await open();
    const ids = Array.from({ length: 12 }, () => randomUUID()).toSorted();
    await Promise.all(ids.map((id) => store.put(id, inChunks(someBytes(5), 5), 5)));
    expect(await idsOf(store)).toEqual(ids);
    await store.delete(ids[0] ?? '');
    await store.tidy();
    expect(await idsOf(store)).toEqual(ids.slice(1));
  });

  test(`${name}: of two writers of one object one wins, and the object is whole`, async () => {
    const store = await open();
    const id = randomUUID();
    const [one, other] = [Buffer.alloc(300_000, 1), Buffer.alloc(300_000, 2)];
    await Promise.all([one, other].map((bytes) => store.put(id, inChunks(bytes, 10_000), 300_000)));
    const found = await readAll(store, id, 0, 300_000);
    expect(found.equals(one) || found.equals(other)).toBe(true);
  });

  test.each(['../../etc/passwd', 'a/b', '', '.'])(`${name}: %j is no id`, async (id) => {
    const store = await open();
    await expect((async () => store.put(id, inChunks(someBytes(1), 1), 1))()).rejects.toThrow('not the id');
    await expect((async () => store.delete(id))()).rejects.toThrow('not the id');
    await expect((async () => readAll(store, id, 0, 1))()).rejects.toThrow('not the id');
  });
}

async function* brokenOff(): AsyncGenerator<Buffer> {
  yield await Promise.resolve(someBytes(100_000));
  throw new Error('gone');
}

const idsOf = async (store: FileStore) => (await listed(store.list())).toSorted();
