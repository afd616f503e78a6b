import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '@fechatter/testing/chance';
import { type ProxiedConnection, tcpProxy } from '@fechatter/testing/tcp-proxy';
import { Spans } from './spans.ts';

/** A TCP proxy in front of one port, that can be cut, go silent or become slow. */
export interface Cable {
  readonly port: number;
  /** When this proxy held back bytes. */
  readonly holds: Spans;
  /** Cuts this share of its connections; by default all. */
  cut(chance?: Chance, part?: number): number;
  /** Silences the open connections in both directions without closing them; then cuts them. */
  silence(forMs: number): Promise<void>;
  /** Holds all bytes back during `work`, and passes them on afterwards. */
  stallDuring(work: () => Promise<unknown>): Promise<void>;
  /** Passes bytes on in small pieces. */
  slow(forMs: number): Promise<void>;
  /** Cuts all connections and refuses new ones. */
  refuse(forMs: number): Promise<void>;
  close(): Promise<void>;
}

const SIP_MS = 120;

/** Opens a proxy from a free port to `targetPort` on this machine. */
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
