import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before a service or a database, to stage that it is gone or silent. */
export interface TcpProxy extends AsyncDisposable {
  /** What stands behind it, through the proxy. */
  readonly url: string;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Accepts connections and lets nothing through, without ending anything. */
  silence(): void;
  /** All is well again, at the same address. */
  restore(): Promise<void>;
}

/** Starts a proxy to the host and port of a URL. */
export async function tcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let isSilent = false;
  const server = createServer((near) => {
    const far = connect({ host: target.hostname, port: Number(target.port) });
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near]] as const) {
      from.pipe(to);
      from.on('error', () => {});
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
    if (isSilent) for (const socket of pair) quiet(socket);
  });
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const url = new URL(targetUrl);
  url.host = `127.0.0.1:${port}`;

  const cut = async () => {
    const closed = server.listening ? new Promise<unknown>((done) => server.close(done)) : undefined;
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
    await closed;
  };
  return {
    url: url.href,
    cut,
    silence() {
      isSilent = true;
      for (const [near, far] of pairs) {
        quiet(near);
        quiet(far);
      }
    },
    async restore() {
      if (isSilent) await cut();
      isSilent = false;
      if (!server.listening) await listen(port);
    },
    [Symbol.asyncDispose]: cut,
  };
}

function quiet(socket: Socket): void {
  socket.unpipe();
  socket.pause();
}
