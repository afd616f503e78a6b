import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolderStore } from '../folder-store.ts';
import { StoreError } from '../store.ts';
import { inChunks, listed, someBytes } from './bytes.ts';

// Fills the disk that the folder of its argument is on, and prints what became of it.
const [folder = ''] = process.argv.slice(2);
const store = createFolderStore(folder);
const bytes = someBytes(1_000_000);
const failure = await store.put(randomUUID(), inChunks(bytes, 65_536), bytes.length).then(
  () => undefined,
  (error: unknown) => (error instanceof StoreError ? error.failure : String(error)),
);
const left = await listed(store.list());
console.log(JSON.stringify({ failure, left, unfinished: await readdir(join(folder, 'unfinished')) }));
