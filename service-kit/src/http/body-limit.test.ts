import { once } from 'node:events';
import { request as nodeRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { until } from '@fechatter/testing/until';
import { describe, expect, test } from 'vitest';
import { listening, testShell } from '../testing/index.ts';

const MIB = 1_048_576;
const KIB = 1_024;
const authorization = 'Bearer x';

async function post(path: string, bytes: number, headers: Record<string, string>) {
  const { app, config } = testShell();
  await using service = await listening(app, config);
  const request = nodeRequest(`${service.url}${path}`, { method: 'POST', headers });
  request.on('error', () => {});
  request.end(Buffer.alloc(bytes, 'x'));
  const [response] = await once(request, 'response');
  return { status: response.statusCode as number, body: JSON.parse(await text(response)) as unknown };
}

describe('bodies', () => {
  const chunked = { 'transfer-encoding': 'chunked', authorization };

  test('of 1 MiB arrive, however they are sent', async () => {
    expect(await post('/echo', MIB, { 'content-length': String(MIB), authorization })).toEqual({
      status: 200,
      body: { bytes: MIB },
    });
    expect(await post('/echo', MIB, chunked)).toEqual({ status: 200, body: { bytes: MIB } });
  });

  test.each([{ 'content-length': String(MIB + 1), authorization }, chunked])(
    'of more are refused: %o',
    async (headers) => {
      expect(await post('/echo', MIB + 1, headers)).toMatchObject({
        status: 413,
        body: { error: { code: 'PAYLOAD_TOO_LARGE', reason: 'body_too_large' } },
      });
      expect(await post('/trpc/message.send', MIB + 1, headers)).toMatchObject({
        status: 413,
        body: { error: { json: { code: -32013, data: { code: 'PAYLOAD_TOO_LARGE', reason: 'body_too_large' } } } },
      });
    },
  );

  test('of more are refused before they are received', async () => {
    const { app, config } = testShell();
    await using service = await listening(app, config);
    const socket = connect(service.port, '127.0.0.1');
    socket.write(`POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: ${MIB * 100}\r\n\r\n`);
    const [response] = await once(socket, 'data');
    expect(String(response)).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  test('of callers who are not signed in have at most 4 KiB, announced or not', async () => {
    const unannounced = { 'transfer-encoding': 'chunked' };
    for (const headers of [{ 'content-length': String(4 * KIB) }, unannounced])
      expect(await post('/text', 4 * KIB, headers)).toEqual({ status: 200, body: { chars: 4 * KIB } });
    for (const headers of [{ 'content-length': String(4 * KIB + 1) }, unannounced])
      expect(await post('/text', 4 * KIB + 1, headers)).toMatchObject({
        status: 413,
        body: { error: { reason: 'body_too_large', message: expect.stringContaining('token') } },
      });
    expect(await post('/nowhere', 4 * KIB + 1, { 'content-length': String(4 * KIB + 1) })).toMatchObject({
      status: 404,
    });
  });

  test('that are long use limited memory, per address and in total, and release it', async () => {
    const { app, config } = testShell({ env: { FECHATTER_SERVER_TRUSTED_PROXIES: '127.0.0.1' } });
    await using service = await listening(app, config);
    const head = (address: string) =>
      `POST /echo HTTP/1.1\r\nhost: x\r\nauthorization: x\r\nx-forwarded-for: ${address}\r\ncontent-length: ${MIB}\r\n\r\n`;
    const slow = (address: string) => {
      const socket = connect(service.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(head(address));
      return socket;
    };
    /** Bodies begin until one is refused: the others wait for bytes that do not come. */
    const fill = async (address: string, most: number) => {
      const sockets = Array.from({ length: most + 1 }, () => slow(address));
      const response = await Promise.race(sockets.map(async (socket) => String((await once(socket, 'data'))[0])));
      return { sockets, response };
    };
    const one = await fill('203.0.113.1', 16);
    expect(one.response).toMatch(/^HTTP\/1.1 429 [^]*rate_limited/);
    const others = [await fill('203.0.113.2', 16), await fill('203.0.113.3', 16), await fill('203.0.113.4', 16)];
    expect(others.map(({ response }) => /^HTTP\/1.1 429 /.test(response))).toEqual([true, true, true]);
    const full = slow('203.0.113.5');
    expect(String((await once(full, 'data'))[0])).toMatch(/^HTTP\/1.1 503 [^]*busy/);
    for (const { sockets } of [one, ...others]) for (const socket of sockets) socket.destroy();
    const echo = () =>
      fetch(`${service.url}/echo`, { method: 'POST', headers: { authorization }, body: 'x'.repeat(MIB) });
    await until(async () => (await echo()).status === 200, 'there is room again');
  });
});
