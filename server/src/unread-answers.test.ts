import { limits } from '@fechatter/contract';
import { until } from '@fechatter/testing/until';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { testServer } from './testing/index.ts';

const MIB = 1_048_576;
const CALLS = 12;
const app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
afterAll(() => app[Symbol.asyncDispose]());

test('responses that are not read use limited memory, and others are served meanwhile', {
  timeout: 240_000,
}, async () => {
  const { ada, chat } = await app.chatOf('ada', 'bob');
  const content = 'あ'.repeat(limits.contentMaxChars);
  const send = () => ada.trpc.message.send.mutate({ chatId: chat.id, content });
  for (let n = 0; n < 4; n++) await Promise.all(Array.from({ length: 10 }, send));
  const { hostname, port, host } = new URL(app.url);
  const calls = Array.from({ length: CALLS }, () => 'message.list').join(',');
  const page = { json: { chatId: chat.id, limit: 40 } };
  const input = Object.fromEntries(Array.from({ length: CALLS }, (_, n) => [n, page]));
  const target = `/trpc/${calls}?batch=1&input=${encodeURIComponent(JSON.stringify(input))}`;
  /** Requests some 12 MB, and reads only the beginning of the response. */
  const ask = async () => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write(`GET ${target} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${ada.session.token}\r\n\r\n`);
    const [head] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    return { socket, bytes: Number(/content-length: (\d+)/i.exec(head.toString('latin1'))?.[1]) };
  };
  const first = await ask();
  expect(first.bytes).toBeGreaterThan(11 * MIB);
  const unread = [first, ...(await Promise.all(Array.from({ length: 5 }, ask)))];
  const held = unread.reduce((sum, { bytes }) => sum + bytes, 0);
  // 32 MiB, and what fits into the buffers of the system.
  expect(held).toBeGreaterThan(22 * MIB);
  expect(held).toBeLessThan(48 * MIB);
  await ada.trpc.user.me.query();
  for (const { socket } of unread) socket.destroy();
  await until(async () => {
    const next = await ask();
    next.socket.destroy();
    return next.bytes === first.bytes;
  }, 'there is room again');
});
