import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createGuardedRequest } from './guarded-request.ts';
import { OutboundError } from './outbound-error.ts';
import { type DnsServer, dnsServer } from '../testing/dns-server.ts';

const LONG_MS = 60_000;
const closed = createGuardedRequest({ outbound: { allow: [] } });
const own = createGuardedRequest({ outbound: { allow: ['127.0.0.0/8'] } });
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A server that requests are sent to; `hits` are the paths that were requested. */
async function receiver(listener: RequestListener = (_, response) => response.end('ok')) {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? '');
    listener(request, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, hits };
}
const failureOf = (pending: Promise<unknown>): Promise<string> =>
  pending.then(
    () => 'a response',
    (error: unknown) => (error instanceof OutboundError ? error.failure : String(error)),
  );
const get = (url: string, timeoutMs = LONG_MS) => ({ url, method: 'GET', timeoutMs }) as const;

test.each([
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0177.0.0.1',
  '0x7f000001',
  '0x7f.1',
  '①②⑦.0.0.1',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '192.0.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[fe80::1]',
  '[fd00:ec2::254]',
  'localhost',
])('%s is no way in, on any port that is open to all', async (host) => {
  for (const port of ['', ':8443'])
    expect(await failureOf(closed(get(`https://${host}${port}/`)))).toBe('forbidden_address');
});

test('a name that leads to this machine is no way in, however it is spelled', async () => {
  const guarded = createGuardedRequest(
    { outbound: { allow: [] } },
    { lookUp: async () => [{ address: '127.0.0.1', family: 4 }] },
  );
  for (const host of ['localhost.', 'LOCALHOST', 'a.localhost', 'inside.example.com'])
    expect(await failureOf(guarded(get(`https://${host}/`)))).toBe('forbidden_address');
});

test('outside the operator’s networks there is nothing but https on two ports', async () => {
  const guarded = createGuardedRequest(
    { outbound: { allow: ['127.0.0.0/8'] } },
    { lookUp: async () => [{ address: '1.1.1.1', family: 4 }] },
  );
  for (const url of ['http://example.com', 'http://example.com:443', 'https://example.com:22', 'https://1.1.1.1:444'])
    expect(await failureOf(guarded(get(url)))).toBe('forbidden_address');
  for (const url of [
    'ftp://example.com',
    'https://user@example.com',
    'https://:x@example.com',
    'file:///etc/passwd',
    'x',
  ])
    expect(await failureOf(guarded(get(url)))).toBe('invalid_url');
});

test('in the operator’s networks any port and plain http will do', async () => {
  const bodies: string[] = [];
  const { url } = await receiver((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
    request.on('end', () => response.writeHead(201, { 'x-kind': 'test' }).end('made'));
  });
  const headers = { 'content-type': 'application/json' };
  const response = await own({ url, method: 'POST', headers, body: '{"ä":1}', timeoutMs: LONG_MS });
  expect(response.status).toBe(201);
  expect(response.headers['x-kind']).toBe('test');
  expect(bodies).toEqual(['{"ä":1}']);
  expect(await failureOf(closed(get(url)))).toBe('forbidden_address');
});

describe('a DNS server that returns another address each time', () => {
  async function guardedBy(dns: DnsServer) {
    open.push(() => dns.close());
    return createGuardedRequest({ outbound: { allow: ['127.0.0.1'] } }, { lookUp: dns.lookUp });
  }

  test('is looked up once, and the connection goes to the addresses that were checked', async () => {
    const { port, hits } = await receiver();
    const dns = await dnsServer([['127.0.0.1'], ['10.9.9.9']]);
    const guarded = await guardedBy(dns);
    expect(await guarded(get(`http://rebind.test:${port}/a`))).toMatchObject({ status: 200 });
    expect([dns.asked(), hits]).toEqual([1, ['/a']]);
  });

  test('does not get in with its second response', async () => {
    const { port, hits } = await receiver();
    const dns = await dnsServer([['10.9.9.9'], ['127.0.0.1']]);
    const guarded = await guardedBy(dns);
    expect(await failureOf(guarded(get(`http://rebind.test:${port}/`)))).toBe('forbidden_address');
    expect([dns.asked(), hits]).toEqual([1, []]);
  });

  test('does not get in with one address among others', async () => {
    const { port, hits } = await receiver();
    const guarded = await guardedBy(
      await dnsServer([
        ['127.0.0.1', '1.1.1.1'],
        ['1.1.1.1', '10.9.9.9'],
      ]),
    );
    expect(await failureOf(guarded(get(`http://rebind.test:${port}/`)))).toBe('forbidden_address');
    expect(await failureOf(guarded(get('https://rebind.test/')))).toBe('forbidden_address');
    expect(hits).toEqual([]);
  });
});

test('a redirect is a failure, and is not followed', async () => {
  const target = await receiver();
  for (const status of [301, 302, 303, 307, 308]) {
    const { url } = await receiver((_, response) => response.writeHead(status, { location: target.url }).end());
    expect(await failureOf(own(get(url)))).toBe('redirected');
  }
  expect(target.hits).toEqual([]);
});

test('no response and slow headers end at the deadline', async () => {
  const silent = await receiver(() => {});
  const dripping = await receiver((_, response) => {
    response.socket?.write('HTTP/1.1 200 OK\r\nx-a: ');
    const timer = setInterval(() => response.socket?.write('x'), 20);
    response.on('close', () => clearInterval(timer));
  });
  for (const { url } of [silent, dripping]) expect(await failureOf(own(get(url, 200)))).toBe('timeout');
  const stuck = createGuardedRequest({ outbound: { allow: [] } }, { lookUp: () => new Promise(() => {}) });
  expect(await failureOf(stuck(get('https://example.com', 50)))).toBe('timeout');
});

test('the caller’s signal ends a request', async () => {
  const { url } = await receiver(() => {});
  const stopped = new AbortController();
  const response = failureOf(own({ ...get(url), signal: stopped.signal }));
  stopped.abort();
  expect(await response).toBe('unreachable');
});

test('the body of a response is not waited for: an endless one, a slow one and one that breaks off change nothing', async () => {
  const closed: Promise<unknown>[] = [];
  const bodies: ((response: ServerResponse) => unknown)[] = [
    (response) => {
      const more = () =>
        void (response.write(Buffer.alloc(16_384)) ? setImmediate(more) : response.once('drain', more));
      more();
    },
    (response) => response.write('x'),
    (response) => response.write('x', () => response.destroy()),
  ];
  for (const body of bodies) {
    const { url } = await receiver((_, response) => {
      closed.push(once(response, 'close'));
      body(response.writeHead(410, { 'x-kind': 'test' }));
    });
    expect(await own(get(url))).toMatchObject({ status: 410, headers: { 'x-kind': 'test' } });
  }
  await Promise.all(closed);
});

test('a connection is used again, and a request on one that the other side has closed is sent on a new one', async () => {
  const used = new Set<unknown>();
  let closedLate = 0;
  const { url, hits } = await receiver(({ socket, url: path = '' }, response) => {
    if (path === '/closed' && used.has(socket)) {
      closedLate += 1;
      return socket.destroy();
    }
    used.add(socket);
    return response.end('ok');
  });
  // A connection is free a moment after its response.
  const sendTo = async (path: string) => {
    expect(await own(get(url + path))).toMatchObject({ status: 200 });
    return hits.length - used.size;
  };
  await expect.poll(() => sendTo('/open')).toBeGreaterThan(0);
  await expect.poll(() => sendTo('/closed').then(() => closedLate)).toBeGreaterThan(0);
});

test('a request is not repeated whose response breaks off, on a connection that was used before', async () => {
  const used = new Set<unknown>();
  const breaks: (() => void)[] = [];
  let reset = 0;
  const { url, hits } = await receiver(({ socket }, response) => {
    if (!used.has(socket)) response.end('ok');
    else {
      response.writeHead(200, { 'content-length': 100 }).write('begun');
      breaks.push(() => {
        reset += 1;
        socket.resetAndDestroy();
      });
    }
    used.add(socket);
  });
  let sent = 0;
  await expect
    .poll(async () => {
      sent += 1;
      expect(await own(get(url))).toMatchObject({ status: 200 });
      breaks.splice(0).forEach((end) => end());
      return reset;
    })
    .toBeGreaterThan(2);
  expect(await own(get(`${url}/last`))).toMatchObject({ status: 200 });
  expect(hits).toEqual([...Array.from({ length: sent }, () => '/'), '/last']);
});

test('a request that breaks off on a new connection is not repeated', async () => {
  const { url, hits } = await receiver(({ socket }) => socket.destroy());
  expect(await failureOf(own(get(url)))).toBe('unreachable');
  expect(hits).toEqual(['/']);
});

test('excessive headers are no response', async () => {
  const talkative = await receiver((_, response) => response.writeHead(200, { 'x-much': 'x'.repeat(20_000) }).end());
  expect(await failureOf(own(get(talkative.url)))).toBe('unreachable');
});

test('a response that switches to another protocol is a failure, and does not outlast it', async () => {
  const { url } = await receiver((_, response) => {
    response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n');
  });
  expect(await failureOf(own(get(url)))).toBe('unreachable');
});

test('an error names neither the address nor what came back', async () => {
  const error = await own(get('http://127.0.0.1:1/hooks/secret')).catch((thrown: unknown) => thrown);
  expect(String(error)).toBe('Error: no response: unreachable');
});
