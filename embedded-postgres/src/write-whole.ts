import { rename, rm, writeFile } from 'node:fs/promises';

/**
 * Replaces a file atomically: a kill leaves the old text or the new, and the owner of the folder can replace the file.
 */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.draft`;
  await rm(draft, { force: true });
  await writeFile(draft, text, { mode, flag: 'wx' });
  await rename(draft, path);
}
