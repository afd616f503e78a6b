import { SESSION_CHECK_MS } from '../attach/attach.ts';
import type { StoredSession } from '../attach/stored-access.ts';
import type { Roster } from './roster.ts';

const SWEEP_MS = 1_000;
const SESSIONS_MAX = 1_000;

export interface SessionSweepOptions {
  readonly roster: Roster;
  readonly loadSessions: (ids: readonly string[]) => Promise<readonly StoredSession[]>;
  readonly onError: (error: unknown) => void;
  readonly intervalMs?: number;
}

/**
 * Cuts the streams of expired sessions, and of keys whose scopes do not allow them any more. A session's row is read again
 * at its expiry, because that moves with each refresh, and once a minute; that of a key each time. Revocations come through
 * the log; for sessions this is the second line of defence. While the database is down nothing is cut: content waits for the
 * lease then.
 */
export function startSessionSweep({ roster, loadSessions, onError, intervalMs = SWEEP_MS }: SessionSweepOptions): {
  stop(): void;
} {
  const sweep = async () => {
    const nowMs = performance.now();
    for (const connection of roster.connections) if (connection.cutAtMs <= nowMs) roster.cut(connection);
    const due = [...roster.sessions.values()].filter(({ checkAtMs, isOfKey }) => isOfKey || checkAtMs <= nowMs);
    for (let at = 0; at < due.length; at += SESSIONS_MAX) {
      const slice = due.slice(at, at + SESSIONS_MAX);
      const askedAtMs = performance.now();
      const stored = new Map((await loadSessions(slice.map(({ id }) => id))).map((session) => [session.id, session]));
      for (const session of slice) {
        const found = stored.get(session.id);
        session.checkAtMs = performance.now() + Math.min(found?.expiresInMs ?? 0, SESSION_CHECK_MS);
        const isAllowed = found !== undefined && session.isAllowed(found.scopes, askedAtMs);
        if (!isAllowed) for (const connection of session.connections) roster.cut(connection);
      }
    }
  };
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    void sweep()
      .catch(onError)
      .finally(() => {
        isRunning = false;
      });
  }, intervalMs);
  return { stop: () => clearInterval(timer) };
}
