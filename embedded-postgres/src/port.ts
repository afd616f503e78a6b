import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { writeWhole } from './write-whole.ts';

/** The port of the last start if it is free, otherwise any free one. */
export async function rememberedPort(folder: string): Promise<number> {
  const last = Number(await readFile(join(folder, 'port'), 'utf8').catch(() => ''));
  return Number.isInteger(last) && last > 0 && last < 65_536 && (await isFree(last)) ? last : anyPort();
}

export const rememberPort = (folder: string, port: number): Promise<void> =>
  writeWhole(join(folder, 'port'), `${port}\n`, 0o644);

/**
 * Whether nothing listens on this port of 127.0.0.1. A port that we may not use counts as free: Postgres then reports
 * why it cannot.
 */
export const isFree = (port: number): Promise<boolean> =>
  listenOnce(port).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'EADDRINUSE',
  );

const anyPort = () => listenOnce(0);

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const given = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(given));
    });
  });
}
