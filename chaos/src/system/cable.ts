import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '@fechatter/testing/chance';
import { Spans } from './spans.ts';

/** A TCP proxy in front of one port, that can be cut, go silent or become slow. */
export interface Cable {
  readonly port: number;
  /** When bytes were held back here. */
  readonly holds: Spans;
  /** Cuts so large a part of its connections, all where nothing is said. */
  cut(chance?: Chance, part?: number): number;
  /** Lets the connections that exist go silent in both directions, neither side being told; then cuts them. */
  silence(forMs: number): Promise<void>;
  /** Lets nothing through while something is done; what waited comes then. */
  stallDuring(work: () => Promise<unknown>): Promise<void>;
  /** Lets bytes through in small sips. */
  slow(forMs: number): Promise<void>;
  /** Cuts everything and refuses what is new. */
  refuse(forMs: number): Promise<void>;
  close(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  isHeld: boolean;
}

const SIP_MS = 120;

/** Lays a cable from a free port to `targetPort` on this machine. */
export async function layCable(targetPort: number): Promise<Cable> {
  const pairs = new Set<Pair>();
  const holds = new Spans();
  let isRefusing = false;

  const join = (near: Socket) => {
    if (isRefusing) return near.destroy();
    const far = connect(targetPort, '127.0.0.1');
    const pair: Pair = { near, far, isHeld: false };
    pairs.add(pair);
    near.setNoDelay(true);
    far.setNoDelay(true);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => {});
      from.on('data', (chunk) => {
        if (to.write(chunk)) return;
        from.pause();
        to.once('drain', () => {
          if (!pair.isHeld) from.resume();
        });
      });
      from.once('end', () => to.end());
      from.once('close', () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
    return undefined;
  };
  const server = createServer({ allowHalfOpen: false }, join).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const destroy = ({ near, far }: Pair) => {
    near.destroy();
    far.destroy();
  };
  const hold = (pair: Pair, isHeld: boolean) => {
    pair.isHeld = isHeld;
    for (const socket of [pair.near, pair.far]) {
      if (isHeld) socket.pause();
      else socket.resume();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    holds,
    cut(chance, part = 1) {
      const doomed = [...pairs].filter(() => chance === undefined || chance.hits(part));
      for (const pair of doomed) destroy(pair);
      return doomed.length;
    },
    async silence(forMs) {
      const end = holds.begin();
      const silent = [...pairs];
      for (const pair of silent) hold(pair, true);
      await wait(forMs);
      for (const pair of silent) destroy(pair);
      end();
    },
    async stallDuring(work) {
      const end = holds.begin();
      const stalled = [...pairs];
      for (const pair of stalled) hold(pair, true);
      await work().catch(() => {});
      for (const pair of stalled) hold(pair, false);
      end();
    },
    async slow(forMs) {
      const end = holds.begin();
      const untilMs = performance.now() + forMs;
      while (performance.now() < untilMs) {
        for (const pair of pairs) hold(pair, true);
        await wait(SIP_MS);
        for (const pair of pairs) hold(pair, false);
        await wait(1);
      }
      end();
    },
    async refuse(forMs) {
      isRefusing = true;
      for (const pair of pairs) destroy(pair);
      await wait(forMs);
      isRefusing = false;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const pair of pairs) destroy(pair);
      await closed;
    },
  };
}
