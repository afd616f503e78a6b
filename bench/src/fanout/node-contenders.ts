import { join } from 'node:path';
import { freePort } from '@fechatter/testing/free-port';
import { benchProcess, untilReady } from '../system/bench-process.ts';
import { type Contender, type Crowd, headOf } from './contender.ts';
import { httpPublisher } from './http-publisher.ts';

export interface NodeContenderOptions {
  readonly folder: string;
  readonly crowd: Crowd;
  /** The body that is posted for a message. */
  readonly bodyOf: (mark: number) => string;
}

/** Node with one Buffer for all sockets and nothing else: the difference to our own cost is what our service adds. */
export const bareHub = (options: NodeContenderOptions): Promise<Contender> =>
  nodeContender(options, {
    name: 'bare Node hub',
    entry: 'bench/src/fanout/bare-hub-process.ts',
    readyMark: '\r\n\r\n',
    pathOf: (room) => `/sub?id=${room}`,
  });

/** tRPC's own server-sent events through Hono. */
export const stockTrpc = (options: NodeContenderOptions): Promise<Contender> =>
  nodeContender(options, {
    name: 'stock tRPC',
    entry: 'bench/src/fanout/stock-trpc-process.ts',
    readyMark: 'event: connected',
    pathOf: (room) => `/trpc/events?input=${encodeURIComponent(JSON.stringify({ json: { room } }))}`,
  });

async function nodeContender(
  { folder, crowd, bodyOf }: NodeContenderOptions,
  how: { name: string; entry: string; readyMark: string; pathOf: (room: number) => string },
): Promise<Contender> {
  const port = await freePort();
  const running = benchProcess({
    entry: how.entry,
    logFile: join(folder, 'contenders.log'),
    // The garbage of the TypeScript loader must not count as memory of subscribers.
    nodeArgs: ['--expose-gc'],
    env: { PORT: String(port), NODE_ENV: 'production' },
  });
  await untilReady(`http://127.0.0.1:${port}/ready`, running);
  const publisher = httpPublisher(port);
  return {
    name: how.name,
    pids: () => [running.pid],
    readyMark: how.readyMark,
    requestOf: (subscriber) => ({ port, head: headOf(how.pathOf(subscriber % crowd.rooms)) }),
    publish: (room, mark) => publisher.post(`/pub?id=${room}`, bodyOf(mark)),
    async [Symbol.asyncDispose]() {
      publisher.close();
      await running.stop();
    },
  };
}
