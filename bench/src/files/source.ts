import { limits } from '@fechatter/contract';
import { createHash, randomBytes } from 'node:crypto';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of random bytes, whole and cut into the parts of an upload. */
export interface Source {
  readonly sizeBytes: number;
  readonly whole: string;
  readonly parts: readonly string[];
  readonly sha256: string;
}

/** Writes a source file; its size is a multiple of a part's. */
export async function makeSource(folder: string, sizeBytes: number): Promise<Source> {
  const whole = join(folder, 'source');
  const hash = createHash('sha256');
  const parts: string[] = [];
  const file = await open(whole, 'wx');
  try {
    for (let at = 0; at < sizeBytes; at += limits.filePartBytes) {
      const bytes = randomBytes(limits.filePartBytes);
      const part = join(folder, `source.${parts.length + 1}`);
      await Promise.all([file.appendFile(bytes), writeFile(part, bytes, { flush: true })]);
      hash.update(bytes);
      parts.push(part);
    }
    // What the system has yet to write would keep the processes that start next from becoming ready.
    await file.sync();
  } finally {
    await file.close();
  }
  return { sizeBytes, whole, parts, sha256: hash.digest('hex') };
}
