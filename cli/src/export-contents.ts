import { createFileKeys, type Database } from '@fechatter/drizzle';
import { storesOf } from '@fechatter/file-store';
import { readContent, type StoredFile, storedParts } from '@fechatter/server/file-content';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { CommandContext } from './command.ts';
import { configWithKeys, ringOf } from './deployment.ts';

const filesSql = `
  select f.id, f.size_bytes as "sizeBytes", f.wrapped_key as "wrappedKey", ${storedParts('object', 'f.id')} as objects
  from files f where f.id = any ($1::uuid[]) and f.state = 'Ready'`;

/** What was written of the files of an export. */
export interface ExportedContents {
  /** Those that are in the folder now. */
  written: number;
  /** The ids of those whose content cannot be read. */
  readonly unreadable: string[];
}

/** Passes on the lines of an export, in REST's form, after the content of the files that they name is in `folder`, decrypted. */
export async function* withContents(
  pages: AsyncIterable<readonly unknown[]>,
  { env, signal }: CommandContext,
  { pool }: Database,
  { folder, contents }: { readonly folder: string; readonly contents: ExportedContents },
): AsyncGenerator<readonly unknown[]> {
  await mkdir(folder, { mode: 0o700 });
  const reading = { stores: storesOf(configWithKeys(env).files), keys: createFileKeys(ringOf(env)) };
  for await (const page of pages) {
    const ids = page.flatMap((line) => fileIdsIn(line as Line));
    const { rows } = ids.length === 0 ? { rows: [] } : await pool.query<StoredFile>(filesSql, [ids]);
    for (const file of rows) {
      const path = join(folder, file.id);
      const content = readContent(reading, file, { start: 0, end: file.sizeBytes });
      try {
        await pipeline(content, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
        contents.written += 1;
      } catch (error) {
        await rm(path, { force: true });
        signal.throwIfAborted();
        // The folder cannot be written: stores have errors of their own.
        if (error instanceof Error && 'syscall' in error) throw error;
        contents.unreadable.push(file.id);
      }
    }
    yield page;
  }
}

interface Line {
  readonly type: string;
  readonly files?: readonly { readonly id: string }[];
  readonly file_id?: string;
}

function fileIdsIn({ type, files = [], file_id: fileId }: Line): readonly string[] {
  if (type === 'emoji' && fileId !== undefined) return [fileId];
  return type === 'message' ? files.map(({ id }) => id) : [];
}
