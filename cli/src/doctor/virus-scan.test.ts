import { testConfig } from '@fechatter/service-kit/testing';
import { freePort } from '@fechatter/testing/free-port';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { checkVirusScan } from './virus-scan.ts';

const COMMAND = 'zINSTREAM\0';
const FILE_MAX = 200_000;

/** The check needs only the settings. */
const findings = (settings: Readonly<Record<string, string>>) =>
  checkVirusScan({ config: testConfig('launcher', settings) } as Parameters<typeof checkVirusScan>[0]);
const at = (port: number) => ({
  FECHATTER_FILES_CLAMAV_HOST: '127.0.0.1',
  FECHATTER_FILES_CLAMAV_PORT: String(port),
  FECHATTER_FILES_FILE_MAX_BYTES: String(FILE_MAX),
});

/** The bytes of a stream's chunks; undefined until its end has come. */
function sizeOf(received: Buffer): number | undefined {
  let size = 0;
  for (let from = COMMAND.length; from + 4 <= received.length; ) {
    const length = received.readUInt32BE(from);
    if (length === 0) return size;
    size += length;
    from += 4 + length;
  }
  return undefined;
}

/** A daemon that takes streams of at most this many bytes, as clamd does with its `StreamMaxLength`. */
async function daemon(maxBytes: number) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > maxBytes + 1_000) socket.end('INSTREAM size limit exceeded. ERROR\0');
      else if (sizeOf(received) !== undefined) socket.end('stream: OK\0');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

test('without clamd there is nothing to check', async () => {
  expect(await findings({})).toEqual([]);
});

test('clamd must scan the largest file', async () => {
  await using large = await daemon(FILE_MAX);
  expect(await findings(at(large.port))).toMatchObject([
    { status: 'ok', found: `clamd at 127.0.0.1:${large.port} scans files of ${FILE_MAX} bytes` },
  ]);
  await using small = await daemon(FILE_MAX - 50_000);
  expect(await findings(at(small.port))).toMatchObject([
    {
      status: 'problem',
      found: expect.stringContaining(`cannot scan a file of ${FILE_MAX} bytes`) as string,
      todo: expect.stringContaining('StreamMaxLength') as string,
    },
  ]);
});

test('a clamd that is not there is a problem, which says what happens until it is', async () => {
  expect(await findings(at(await freePort()))).toMatchObject([
    { check: 'virus scan', status: 'problem', todo: expect.stringContaining('files stay Scanning') as string },
  ]);
});
