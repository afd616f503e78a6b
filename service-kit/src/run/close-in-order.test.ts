import { once } from 'node:events';
import { Agent, request as nodeRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { refuse } from '../errors/refusal.ts';
import { expectJson } from '../http/json-request.ts';
import { listening, testShell } from '../testing/index.ts';

const MIB = 1_048_576;
const { app, config } = testShell({ env: { FECHATTER_HTTP_REQUEST_TIMEOUT_MS: '1000' } });
app.post('/json-only', (c) => {
  expectJson(c);
  return c.json('read');
});
for (const reason of ['not_signed_in', 'rate_limited', 'internal'] as const)
  app.post(`/${reason}`, () => {
    throw refuse(reason);
  });
const service = await listening(app, config);
afterAll(service.close);

/** Sends a head, then continues with a body until the other side has closed, and returns the response. */
async function responseWhileSending(head: string, piece: string, piecesMax: number) {
  const socket = connect({ port: service.port, host: '127.0.0.1', allowHalfOpen: true });
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => (received += chunk));
  const ended = once(socket, 'end');
  socket.write(`${head}${head.includes('host:') ? '' : '\r\nhost: x'}\r\n\r\n`);
  for (let sent = 0; sent < piecesMax && !socket.readableEnded; sent++)
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), ended]);
  await ended;
  socket.end();
  await once(socket, 'close');
  return received;
}

const PIECE = 'x'.repeat(65_536);
const CHUNK = `${PIECE.length.toString(16)}\r\n${PIECE}\r\n`;
const chunked = (path: string) => `POST ${path} HTTP/1.1\r\nauthorization: x\r\ntransfer-encoding: chunked`;
/** A request that announces a body of the maximum length, or with other headers. */
const announced = (path: string, more = '', bytes = MIB) => `POST ${path} HTTP/1.1\r\ncontent-length: ${bytes}${more}`;

test.each([
  ['a chunked body that grows too large', 413, chunked('/echo')],
  ['a body that is announced as too large', 413, announced('/echo', '', MIB * 3)],
  ['a body of another type', 415, announced('/json-only', '\r\ncontent-type: text/plain')],
  ['who is not signed in', 401, announced('/not_signed_in')],
  ['who calls too often', 429, announced('/rate_limited')],
  ['what fails by a fault of ours', 500, announced('/internal')],
  ['a path that is not there', 404, announced('/nowhere')],
  ['a path below tRPC that is not there', 404, announced('/trpc/nowhere')],
  ['a method that is not there', 405, announced('/echo').replace('POST', 'PUT')],
  ['a host that is none', 400, announced('/echo', '\r\nhost: a b')],
  ['a length that is none', 400, announced('/echo', '', NaN)],
])('the refusal of %s arrives completely, and the connection ends without a reset', async (_, status, head) => {
  const received = await responseWhileSending(head, head.includes('chunked') ? CHUNK : PIECE, 16 * 3);
  expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(received).toMatch(/\r\nconnection: close\r\n/i);
  expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
});

test('a body that does not arrive is refused after its deadline, without a reset', async () => {
  expect(await responseWhileSending(chunked('/echo'), CHUNK, 1)).toMatch(/^HTTP\/1.1 408 /);
});

test('the next request on a kept connection is served', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = async (method: string, path: string, body: Buffer | undefined) => {
    const headers = body && { 'transfer-encoding': 'chunked' };
    const request = nodeRequest(`${service.url}${path}`, { method, agent, headers });
    request.end(body);
    const [response] = await once(request, 'response');
    await text(response);
    return response.statusCode as number;
  };
  const statuses: number[] = [];
  for (let round = 0; round < 15; round++)
    statuses.push(await send('POST', '/echo', Buffer.alloc(2 * MIB)), await send('GET', '/hello', undefined));
  expect(new Set(statuses.map((status, index) => `${index % 2}: ${status}`))).toEqual(new Set(['0: 413', '1: 200']));
  agent.destroy();
});

test('refusing a completely received body keeps the connection', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const reused: boolean[] = [];
  for (let round = 0; round < 3; round++) {
    const request = nodeRequest(`${service.url}/not_signed_in`, { method: 'POST', agent });
    request.end('{"small": "body"}');
    const [response] = await once(request, 'response');
    await text(response);
    reused.push(request.reusedSocket);
  }
  expect(reused).toEqual([false, true, true]);
  agent.destroy();
});
