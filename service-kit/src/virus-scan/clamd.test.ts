import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { scanContent } from './clamd.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

/** A daemon that does what `answer` says with each connection. */
async function daemon(answer: (socket: Socket) => void) {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    answer(socket);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}
const bytes = Buffer.alloc(300_000, 'x');
const content = async function* (chunks = 3) {
  for (let n = 0; n < chunks; n++) yield await Promise.resolve(bytes);
};
const { signal } = new AbortController();

/** Takes all that comes, then sends this. */
const whole = (text: string, received: Buffer[] = []) =>
  daemon((socket) =>
    socket.on('data', (chunk) => {
      received.push(chunk);
      if (chunk.subarray(-4).equals(Buffer.alloc(4))) socket.end(text);
    }),
  );

test('content is sent in chunks with their lengths, and the answer is what was found', async () => {
  const received: Buffer[] = [];
  expect(await scanContent(await whole('stream: OK\0', received), content(), { signal })).toEqual({
    signature: undefined,
  });
  const sent = Buffer.concat(received);
  expect(sent.subarray(0, 10).toString()).toBe('zINSTREAM\0');
  for (let n = 0, at = 10; n < 3; n++, at += 4 + bytes.length) {
    expect(sent.readUInt32BE(at)).toBe(bytes.length);
    expect(sent.subarray(at + 4, at + 4 + bytes.length).equals(bytes)).toBe(true);
  }
  expect(sent).toHaveLength(10 + 3 * (4 + bytes.length) + 4);
  expect(await scanContent(await whole('stream: Eicar-Test FOUND\0'), content(), { signal })).toEqual({
    signature: 'Eicar-Test',
  });
});

test.each([
  ['an error', () => whole('Can’t allocate memory ERROR\0')],
  ['nothing that is an answer', () => whole('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['an answer without an end', () => whole('stream: OK')],
  ['too much', () => whole('x'.repeat(100_000))],
  ['nothing', () => daemon((socket) => socket.destroy())],
  ['a limit of scanning', () => whole('stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0')],
  ['a limit', () => daemon((socket) => socket.once('data', () => socket.end('INSTREAM size limit exceeded. ERROR\0')))],
] as const)('%s of clamd is never taken for OK or a virus', async (_, start) => {
  await expect(scanContent(await start(), content(50), { signal })).rejects.toMatchObject({ name: 'ScanError' });
}); // biome-ignore format: a table

test('a daemon that is down, is slow, or reads nothing is given up', async () => {
  const gone = await daemon(() => {});
  await new Promise<void>((resolve) => servers.at(-1)?.close(() => resolve()));
  await expect(scanContent(gone, content(), { signal })).rejects.toThrow('clamd cannot be used: ECONNREFUSED');
  const slow = await daemon((socket) => socket.resume());
  await expect(scanContent(slow, content(), { signal, deadlineMs: 50 })).rejects.toThrow('longer than 50 ms');
  const still = await daemon((socket) => socket.pause());
  await expect(scanContent(still, content(100), { signal, deadlineMs: 50 })).rejects.toThrow('longer than 50 ms');
});

test('what stops it is thrown: the content, or the signal', async () => {
  const broken = async function* () {
    yield await Promise.resolve(bytes);
    throw new Error('the store is down');
  };
  const at = await daemon((socket) => socket.resume());
  await expect(scanContent(at, broken(), { signal })).rejects.toThrow('the store is down');
  const stop = new AbortController();
  const scanning = scanContent(at, content(), { signal: stop.signal });
  stop.abort(new Error('stopped'));
  await expect(scanning).rejects.toThrow('stopped');
});
