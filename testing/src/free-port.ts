import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range of ephemeral ports, so that a service that is down for a moment finds its port free again.
const FIRST = 20_000;
/** Each process of a test run has ports of its own: another could take a port before it is listened on. */
const COUNT = 1_500;
const SHARES = 8;
const first = FIRST + (Number(process.env['VITEST_POOL_ID'] ?? 0) % SHARES) * COUNT;
const given = new Set<number>();

/** A port on which nothing listens, and which the system does not assign by itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + Math.floor(Math.random() * COUNT);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server, 'listening');
  server.listen(port, '127.0.0.1');
  try {
    await listening;
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
