import { createServer } from 'node:http';
import type { Socket } from 'node:net';

// The least that Node can do: the posted bytes go as one Buffer to every raw socket of the room.

const rooms = new Map<string, Set<Socket>>();

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hub');
  const room = searchParams.get('id') ?? '';
  if (pathname === '/ready') {
    globalThis.gc?.();
    return void response.writeHead(204).end();
  }
  if (pathname === '/sub') {
    response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' }).flushHeaders();
    const { socket } = request;
    socket.setNoDelay(true);
    const sockets = rooms.get(room) ?? new Set();
    rooms.set(room, sockets.add(socket));
    return void socket.once('close', () => sockets.delete(socket));
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  return void request.on('end', () => {
    const bytes = Buffer.concat(chunks);
    for (const socket of rooms.get(room) ?? []) socket.write(bytes);
    response.writeHead(204).end();
  });
});
server.keepAliveTimeout = 600_000;
server.listen(Number(process.env.PORT), '127.0.0.1', 4_096);
process.once('disconnect', () => process.exit());
