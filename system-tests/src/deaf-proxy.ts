import { type AddressInfo, connect, createServer } from 'node:net';

/** A way to a database on which notifications get lost, as behind a pooler in transaction mode. */
export interface DeafProxy extends AsyncDisposable {
  readonly url: string;
}

const NOTIFICATION = 'A'.charCodeAt(0);

/** Passes on everything that Postgres says but notifications. */
export async function deafProxy(databaseUrl: string): Promise<DeafProxy> {
  const target = new URL(databaseUrl);
  const server = createServer((near) => {
    const far = connect({ host: target.hostname, port: Number(target.port) });
    near.pipe(far);
    let rest = Buffer.alloc(0);
    far.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      // A message is its type, its length (4 bytes, themselves counted), its content.
      while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
        const end = 1 + rest.readInt32BE(1);
        if (rest[0] !== NOTIFICATION) near.write(rest.subarray(0, end));
        rest = rest.subarray(end);
      }
    });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => {});
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(databaseUrl), { host: `127.0.0.1:${port}` }).href,
    [Symbol.asyncDispose]: () => new Promise((settle) => server.close(() => settle())),
  };
}
