import { codeOf, type LogRow } from '@fechatter/contract';
import {
  type Database,
  type DatabaseOptions,
  keepConnection,
  type Queryable,
  readRevocations,
} from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Sessions that ended while their access tokens are still valid. They are kept in memory from the log, which every
 * server reads twice a second. The memory counts only while the last completed read began less than 2 s ago; otherwise
 * the session's row is read. So a revocation takes effect on every server within 2 s, and a server that cannot know
 * refuses.
 */
export interface RevokedSessions {
  has(sessionId: string): Promise<boolean>;
  /** Adds sessions that this process has revoked, at once. */
  add(sessionIds: readonly string[]): void;
  readonly isFresh: boolean;
  stop(): Promise<void>;
}

export interface RevokedSessionsOptions {
  readonly database: DatabaseOptions;
  readonly db: Database;
  /** How long an access token is valid. */
  readonly accessTokenSeconds: number;
  /** Called with what each read finds; `unknown` when the reads begin, and when they begin again after a pause. */
  readonly onTakenAway: (rows: readonly LogRow[] | 'unknown') => void;
  readonly onError: (error: unknown) => void;
}

const POLL_MS = 500;
const FRESH_MS = 2_000;
const READ_TIMEOUT_MS = 1_500;
/** A verifier's leeway, and as much again for a revocation with a slow commit. */
const MARGIN_SECONDS = 120;
const REVOKED = codeOf('session.revoked');

/** Starts to watch; settles when earlier revocations are known. */
export async function watchRevokedSessions(options: RevokedSessionsOptions): Promise<RevokedSessions> {
  const { database, db, accessTokenSeconds, onTakenAway, onError } = options;
  const keptSeconds = accessTokenSeconds + MARGIN_SECONDS;
  const stopped = new AbortController();
  /** Sessions by the time at which they were learned, oldest first. */
  const revoked = new Map<string, number>();
  let freshFrom = Number.NEGATIVE_INFINITY;

  const isFresh = () => performance.now() - freshFrom < FRESH_MS;
  const add = (sessionIds: readonly string[]) => {
    for (const id of sessionIds) if (!revoked.has(id)) revoked.set(id, performance.now());
  };
  const forget = () => {
    for (const [id, learnedAt] of revoked) {
      if (performance.now() - learnedAt < keptSeconds * 1_000) return;
      revoked.delete(id);
    }
  };
  const watch = async (client: Queryable, alive: AbortSignal, onRead: () => void) => {
    let beganAt = performance.now();
    const before = await revokedBefore(client, keptSeconds);
    let { since } = before;
    add(before.sessionIds);
    onTakenAway('unknown');
    for (;;) {
      freshFrom = beganAt;
      onRead();
      await wait(POLL_MS, undefined, { signal: alive }).catch(() => {});
      if (alive.aborted) return;
      beganAt = performance.now();
      const { revocations, snapshot } = await readRevocations(client, since);
      add(revocations.flatMap(({ code, subjectId }) => (code === REVOKED && subjectId !== null ? [subjectId] : [])));
      onTakenAway(revocations);
      since = snapshot;
      forget();
    }
  };

  const limits = { statementTimeoutMs: READ_TIMEOUT_MS, queryTimeoutMs: READ_TIMEOUT_MS };
  let watching: Promise<void> | undefined;
  await new Promise<void>((onRead) => {
    const work = (client: Queryable, alive: AbortSignal) => watch(client, alive, onRead);
    watching = keepConnection({ ...database, ...limits }, stopped.signal, work, onError);
  });
  return {
    has: async (sessionId) => revoked.has(sessionId) || (!isFresh() && (await hasEnded(db, sessionId))),
    add,
    get isFresh() {
      return isFresh();
    },
    stop: async () => {
      stopped.abort();
      await watching;
    },
  };
}

/** Recent revocations, and the snapshot after which to look for further ones, read together. */
async function revokedBefore(client: Queryable, keptSeconds: number) {
  const { rows } = await client.query<{ since: string; session_ids: string[] }>(
    `select pg_current_snapshot()::text as since,
       array(select id::text from sessions where revoked_at > now() - make_interval(secs => $1)) as session_ids`,
    [keptSeconds],
  );
  if (rows[0] === undefined) throw new Error('a select without from has a row');
  return { since: rows[0].since, sessionIds: rows[0].session_ids };
}

async function hasEnded({ pool }: Database, sessionId: string): Promise<boolean> {
  const query = {
    name: 'session-lives',
    text: 'select from live_sessions where id = $1',
    values: [sessionId],
    query_timeout: READ_TIMEOUT_MS,
  };
  try {
    return (await pool.query(query)).rowCount === 0;
  } catch (cause) {
    throw refuse('database_unavailable', { cause });
  }
}
