import type { FileStore } from '../store.ts';

/** Bytes that differ from place to place. */
export function someBytes(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  for (let at = 0; at < sizeBytes; at++) bytes[at] = (at * 31 + (at >> 8)) % 251;
  return bytes;
}

/** The same bytes as they might arrive. */
export async function* inChunks(bytes: Buffer, chunkBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes)
    yield await Promise.resolve(bytes.subarray(at, at + chunkBytes));
}

/** A range of an object. */
export async function readAll(store: FileStore, id: string, start: number, end: number): Promise<Buffer> {
  return Buffer.concat(await listed(store.read(id, { start, end })));
}

/** Everything that comes. */
export async function listed<T>(coming: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of coming) all.push(one);
  return all;
}
