import { openSync, statSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';

const sizeMaxBytes = 10 * 1024 * 1024;
const tailMaxBytes = 8 * 1024;
const tailMaxLines = 15;

/**
 * Opens the server's log for appending; if it has grown too large, it is first renamed to `.1`, replacing the previous
 * one.
 */
export function openServerLog(path: string): { fd: number; startBytes: number } {
  const bytes = sizeOf(path);
  if (bytes > sizeMaxBytes) renameSync(path, `${path}.1`);
  try {
    return { fd: openSync(path, 'a', 0o600), startBytes: sizeOf(path) };
  } catch {
    // Root once started Postgres in this user's folder: the file is root's, the folder is not.
    rmSync(path, { force: true });
    return { fd: openSync(path, 'a', 0o600), startBytes: 0 };
  }
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** The last lines written to the log since it was opened. */
export async function logTail(path: string, startBytes: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(startBytes, size - tailMaxBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(tailMaxBytes), 0, tailMaxBytes, from);
    return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-tailMaxLines).join('\n');
  } finally {
    await file.close();
  }
}
