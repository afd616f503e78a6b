import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a service and its database, so that a test can take the database away. */
export interface TcpProxy extends AsyncDisposable {
  /** The database's URL, through here. */
  readonly url: string;
  /** Refuses and cuts every connection. */
  stop(): Promise<void>;
  /** Lets connections through again, at the same address. */
  start(): Promise<void>;
}

/** Starts a proxy to the host of a database's URL. */
export async function tcpProxy(databaseUrl: string): Promise<TcpProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const join = (from: Socket) => {
    const to = connect(Number(target.port), target.hostname);
    for (const [near, far] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(near);
      near.on('error', () => {});
      near.once('close', () => {
        sockets.delete(near);
        far.destroy();
      });
      near.pipe(far);
    }
  };
  const listen = async (port: number) => {
    server = createServer(join).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const stop = async () => {
    const closed = server && once(server, 'close');
    server?.close();
    for (const socket of sockets) socket.destroy();
    await closed;
    server = undefined;
  };
  const port = await listen(0);
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    stop,
    start: async () => void (await listen(port)),
    [Symbol.asyncDispose]: stop,
  };
}
