import { createServer, connect as connectTo, type Socket } from 'node:net';
import { once } from 'node:events';

/** A TCP line to a service that a test can cut, hold still and mend: the faults are real ones. */
export interface Cable extends AsyncDisposable {
  readonly url: string;
  /** How many connections are open now that were asked something: Node opens idle ones, too. */
  readonly open: number;
  /** How many there were ever. */
  readonly made: number;
  /** Breaks all connections; new ones are refused until `mend`. */
  cut(): void;
  /** Breaks all connections; new ones are accepted. */
  jolt(): void;
  /** Lets no byte through any more, and breaks nothing. */
  freeze(): void;
  mend(): void;
}

export async function cableTo(url: string): Promise<Cable> {
  const target = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  const asked = new Set<unknown>();
  let isCut = false;
  let isFrozen = false;
  let made = 0;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connectTo(Number(target.port), target.hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    near.once('data', () => {
      made += 1;
      asked.add(pair);
    });
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (bytes) => isFrozen || to.write(bytes));
      from.on('error', () => {});
      from.on('close', () => {
        pairs.delete(pair);
        asked.delete(pair);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const jolt = () => {
    for (const [near] of pairs) near.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    get open() {
      return asked.size;
    },
    get made() {
      return made;
    },
    cut() {
      isCut = true;
      jolt();
    },
    jolt,
    freeze() {
      isFrozen = true;
    },
    mend() {
      isCut = false;
      isFrozen = false;
    },
    async [Symbol.asyncDispose]() {
      isCut = true;
      server.close();
      jolt();
    },
  };
}
