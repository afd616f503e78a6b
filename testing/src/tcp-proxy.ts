import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One connection through a proxy. */
export interface ProxiedConnection {
  /** Holds back all bytes in both directions without closing the connection. */
  hold(): void;
  /** Passes on what was held back. */
  release(): void;
  /** Resets the connection on both sides. */
  reset(): void;
}

/** A TCP proxy before a service or a database, to simulate network faults. */
export interface TcpProxy extends AsyncDisposable {
  /** The target's URL, through the proxy. */
  readonly url: string;
  readonly port: number;
  readonly connections: ReadonlySet<ProxiedConnection>;
  /** The number of open connections on which something was sent; Node also opens idle ones. */
  readonly open: number;
  /** The number of connections so far. */
  readonly made: number;
  /** Resets all connections; new ones are accepted. */
  reset(): void;
  /** Resets all connections, and new ones at once. */
  cut(): void;
  /** Holds back all bytes, on new connections too, without closing any. */
  silence(): void;
  /** Ends the fault; connections that were silenced are reset. */
  restore(): void;
}

export interface TcpProxyOptions {
  /** Makes a filter for the responses of each connection; the bytes that the filter returns are passed on. */
  readonly filter?: () => (chunk: Buffer) => readonly Buffer[];
}

/** Starts a proxy to the host and port of a URL. */
export async function tcpProxy(targetUrl: string, { filter }: TcpProxyOptions = {}): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const connections = new Set<ProxiedConnection>();
  const asked = new Set<ProxiedConnection>();
  let state: 'well' | 'silent' | 'cut' = 'well';
  let made = 0;

  const server = createServer((near) => {
    if (state === 'cut') {
      near.on('error', () => {});
      near.resetAndDestroy();
      return;
    }
    const far = connect({ host: target.hostname, port: Number(target.port) });
    const connection = joined(near, far, filter?.());
    connections.add(connection);
    near.once('data', () => {
      made += 1;
      asked.add(connection);
    });
    near.once('close', () => {
      connections.delete(connection);
      asked.delete(connection);
    });
    if (state === 'silent') connection.hold();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const reset = () => {
    for (const connection of connections) connection.reset();
  };
  return {
    url: Object.assign(new URL(targetUrl), { host: `127.0.0.1:${port}` }).href.replace(/\/$/, ''),
    port,
    connections,
    get open() {
      return asked.size;
    },
    get made() {
      return made;
    },
    reset,
    cut() {
      state = 'cut';
      reset();
    },
    silence() {
      state = 'silent';
      for (const connection of connections) connection.hold();
    },
    restore() {
      if (state === 'silent') reset();
      state = 'well';
    },
    async [Symbol.asyncDispose]() {
      state = 'cut';
      const closed = once(server, 'close');
      server.close();
      reset();
      await closed;
    },
  };
}

const asItIs = (chunk: Buffer): readonly Buffer[] => [chunk];

function joined(near: Socket, far: Socket, filter = asItIs): ProxiedConnection {
  let isHeld = false;
  const both = [near, far];
  const pass = (from: Socket, to: Socket, made: (chunk: Buffer) => readonly Buffer[]) => {
    from.setNoDelay(true);
    from.on('error', () => {});
    from.on('data', (chunk: Buffer) => {
      const isTaken = made(chunk).map((bytes) => to.write(bytes));
      if (isTaken.every(Boolean)) return;
      from.pause();
      to.once('drain', () => {
        if (!isHeld) from.resume();
      });
    });
    from.once('end', () => to.end());
    from.once('close', () => to.destroy());
  };
  pass(near, far, asItIs);
  pass(far, near, filter);
  return {
    hold() {
      isHeld = true;
      for (const socket of both) socket.pause();
    },
    release() {
      isHeld = false;
      for (const socket of both) socket.resume();
    },
    reset() {
      near.resetAndDestroy();
      far.destroy();
    },
  };
}
