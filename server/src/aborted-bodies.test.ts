import { until } from '@fechatter/testing/until';
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { testServer } from './testing/index.ts';

const token = 'a-token-for-scrapers';

test('a caller who disconnects during a body is not logged as a failure of the service', async () => {
  await using app = await testServer({ FECHATTER_METRICS_TOKEN: token });
  const alice = await app.signUp('alice');
  const { port } = new URL(app.url);
  const signedIn = `authorization: Bearer ${alice.session.token}\r\n`;
  const framings = ['content-length: 2000', 'transfer-encoding: chunked'];
  const requests = [
    ['/trpc/auth.signin', ''],
    ['/trpc/auth.signin?batch=1', ''],
    // Not the form that our clients send: tRPC's own adapter handles it.
    ['/trpc/auth.signin,auth.refresh?batch=1&other=1', ''],
    ['/api/auth/signin', ''],
    ['/trpc/message.send', signedIn],
    ['/api/workspaces', signedIn],
  ] as const;
  for (const [path, authorization] of requests)
    for (const framing of framings) {
      const socket = connect(Number(port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: x\r\n${authorization}content-type: application/json\r\n${framing}\r\n\r\n` +
          (framing.startsWith('content') ? '{"email":' : '9\r\n{"email":\r\n'),
        () => setImmediate(() => socket.destroy()),
      );
      await once(socket, 'close');
    }
  const counted = async () => {
    const response = await fetch(`${app.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    const lines = (await response.text()).split('\n').filter((line) => line.startsWith('fechatter_http_answers_total'));
    return lines.flatMap((line) => {
      const [, method, status, count] = /method="(\w+)",status="(\d+)"\} (\d+)/.exec(line) ?? [];
      return method === 'POST' ? [[Number(status), Number(count)] as const] : [];
    });
  };
  const all = requests.length * framings.length;
  const refused = async () =>
    (await counted()).filter(([status]) => status >= 400).reduce((sum, [, count]) => sum + count, 0);
  await until(async () => (await refused()) >= all, 'each of them was refused');
  expect((await counted()).filter(([status]) => status >= 500)).toEqual([]);
});
