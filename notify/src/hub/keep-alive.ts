import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Transport } from '../transport/transport.ts';
import type { WriteTurn } from '../transport/write-turn.ts';
import { READY_AGAIN_MS } from '../attach/attach.ts';
import { type Frame, pingFrame, readyFrame } from '../wire/frame.ts';
import type { Connection } from './connection.ts';
import type { Hub } from './hub.ts';

const SLICE = 500;

/** Keeps every stream alive with one timer. */
export interface KeepAlive {
  /** Streams that were accepted and could not attach yet: they are kept alive too. */
  readonly waiting: Set<Transport>;
  stop(): void;
}

/**
 * Pings all streams at an interval. A ping moves its client's position only if everything up to there was sent: on a
 * live stream, up to the hub's position, which is always possible, because frames are built again for each slice.
 */
export function startKeepAlive(hub: Hub, turn: WriteTurn, intervalMs: number): KeepAlive {
  const waiting = new Set<Transport>();
  let isRunning = false;

  const pingAll = async () => {
    const bare = pingFrame(undefined);
    for (const transport of waiting) transport.send(bare);
    const connections = [...hub.roster.connections];
    for (let at = 0; at < connections.length; at += SLICE) {
      const moving = hub.position && pingFrame(hub.position);
      for (const connection of connections.slice(at, at + SLICE)) {
        if (!connection.isGone()) connection.transport.send(frameFor(connection, moving, bare));
      }
      turn.flushBare();
      await nextTurn();
    }
    turn.flushBare();
  };

  const frameFor = (connection: Connection, moving: Frame | undefined, bare: Frame): Frame => {
    if (moving === undefined || hub.position === undefined || connection.phase !== 'live' || connection.isMuted)
      return bare;
    const nowMs = performance.now();
    if (nowMs < connection.readyAgainAtMs) return moving;
    connection.readyAgainAtMs = nowMs + READY_AGAIN_MS;
    return readyFrame(hub.position, connection.isResumed, connection.streamId);
  };

  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    void pingAll().finally(() => {
      isRunning = false;
    });
  }, intervalMs);
  return { waiting, stop: () => clearInterval(timer) };
}
