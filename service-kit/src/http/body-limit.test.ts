import { once } from 'node:events';
import { request as nodeRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { listening, testShell } from '../testing/index.ts';

const MIB = 1_048_576;

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
  const chunked = { 'transfer-encoding': 'chunked' };

  test('of 1 MiB arrive, however they are sent', async () => {
    expect(await post('/echo', MIB, { 'content-length': String(MIB) })).toEqual({ status: 200, body: { bytes: MIB } });
    expect(await post('/echo', MIB, chunked)).toEqual({ status: 200, body: { bytes: MIB } });
  });

  test.each([{ 'content-length': String(MIB + 1) }, chunked])('of more are refused: %o', async (headers) => {
    expect(await post('/echo', MIB + 1, headers)).toMatchObject({
      status: 413,
      body: { error: { code: 'PAYLOAD_TOO_LARGE', reason: 'body_too_large' } },
    });
    expect(await post('/trpc/message.send', MIB + 1, headers)).toMatchObject({
      status: 413,
      body: { error: { json: { code: -32013, data: { code: 'PAYLOAD_TOO_LARGE', reason: 'body_too_large' } } } },
    });
  });

  test('of more are refused before they were sent', async () => {
    const { app, config } = testShell();
    await using service = await listening(app, config);
    const socket = connect(service.port, '127.0.0.1');
    socket.write(`POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: ${MIB * 100}\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });
});
