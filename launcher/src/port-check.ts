import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const PATIENCE_MS = 4_000;
const POLL_MS = 100;

/**
 * Waits for a port to be free, because the services of a killed start need a moment to end. Throws an error that tells
 * what to do if the port stays in use.
 */
export async function claimPort(service: string, host: string, port: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  if (port === 0) return;
  for (;;) {
    const code = await probe(host, port);
    if (code !== 'EADDRINUSE') return;
    if (performance.now() > deadline) {
      throw new Error(
        `Port ${port} on ${host} is in use. Stop the process that listens there, or choose another: FECHATTER_${service.toUpperCase()}_PORT=<port>`,
      );
    }
    await wait(POLL_MS);
  }
}

function probe(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
