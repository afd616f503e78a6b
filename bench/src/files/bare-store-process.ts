import { createFolderStore } from '@fechatter/file-store';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * The server's folder of files behind `node:http`, without encryption, database, token or check: PUT of a path stores an
 * object, GET of `/` reads all of them as one body, in the order of their paths.
 */
const store = createFolderStore(process.argv[2] ?? '');
const sizes = new Map<string, number>();

async function* everything() {
  for (const [id, end] of [...sizes].sort(([one], [other]) => one.localeCompare(other)))
    yield* store.read(id, { start: 0, end });
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'PUT') {
    const id = (request.url ?? '').slice(1);
    const sizeBytes = Number(request.headers['content-length']);
    await store.put(id, request, sizeBytes);
    sizes.set(id, sizeBytes);
    response.writeHead(204).end();
    return;
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  response.writeHead(200, { 'content-length': total });
  await pipeline(Readable.from(everything(), { objectMode: false }), response);
}

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit(0));
