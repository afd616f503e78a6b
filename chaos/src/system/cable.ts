import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '@fechatter/testing/chance';
import { type ProxiedConnection, tcpProxy } from '@fechatter/testing/tcp-proxy';
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
  /** Cuts everything and what is new. */
  refuse(forMs: number): Promise<void>;
  close(): Promise<void>;
}

const SIP_MS = 120;

/** Lays a cable from a free port to `targetPort` on this machine. */
export async function layCable(targetPort: number): Promise<Cable> {
  const proxy = await tcpProxy(`tcp://127.0.0.1:${targetPort}`);
  const holds = new Spans();
  const heldDuring = async (work: () => Promise<unknown>, then: (connection: ProxiedConnection) => void) => {
    const end = holds.begin();
    const held = [...proxy.connections];
    for (const connection of held) connection.hold();
    await work().catch(() => {});
    for (const connection of held) then(connection);
    end();
  };
  return {
    port: proxy.port,
    holds,
    cut(chance, part = 1) {
      const doomed = [...proxy.connections].filter(() => chance === undefined || chance.hits(part));
      for (const connection of doomed) connection.reset();
      return doomed.length;
    },
    silence: (forMs) =>
      heldDuring(
        () => wait(forMs),
        (connection) => connection.reset(),
      ),
    stallDuring: (work) => heldDuring(work, (connection) => connection.release()),
    async slow(forMs) {
      const end = holds.begin();
      const untilMs = performance.now() + forMs;
      while (performance.now() < untilMs) {
        for (const connection of proxy.connections) connection.hold();
        await wait(SIP_MS);
        for (const connection of proxy.connections) connection.release();
        await wait(1);
      }
      end();
    },
    async refuse(forMs) {
      proxy.cut();
      await wait(forMs);
      proxy.restore();
    },
    close: async () => proxy[Symbol.asyncDispose](),
  };
}
