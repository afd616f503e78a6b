import { execFile } from 'node:child_process';
import { mkdir, open, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system in a file, which can be filled up. */
export interface Disk {
  /** Where it is mounted. */
  readonly folder: string;
  /** Fills the disk; the returned function frees it again. */
  fill(): Promise<() => Promise<void>>;
  unmount(): Promise<void>;
}

/** Makes and mounts a disk; undefined if this machine does not allow that. */
export async function mountDisk(folder: string, sizeMb: number): Promise<Disk | undefined> {
  const image = `${folder}.img`;
  try {
    await mkdir(folder);
    await writeFile(image, '');
    await truncate(image, sizeMb * 2 ** 20);
    await run('mkfs.ext4', ['-q', '-F', '-m', '0', image]);
    await run('mount', ['-o', 'loop', image, folder]);
  } catch {
    await rm(image, { force: true });
    return undefined;
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    async fill() {
      const { bavail, bsize } = await statfs(folder);
      // The file system's own overhead is unknown: fills nearly all at once, and the rest in small pieces.
      await run('fallocate', ['-l', String(Math.floor(bavail * 0.99) * bsize), ballast]).catch(() => {});
      await writeUntilFull(ballast);
      return () => rm(ballast, { force: true });
    },
    async unmount() {
      await run('umount', [folder]).catch(() => run('umount', ['-l', folder]));
    },
  };
}

const PIECE_BYTES = 65_536;

async function writeUntilFull(path: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    for (let piece = Buffer.alloc(PIECE_BYTES, 1); piece.length >= 512; ) {
      try {
        await file.write(piece);
      } catch {
        piece = piece.subarray(0, piece.length / 2);
      }
    }
  } finally {
    await file.close();
  }
}
