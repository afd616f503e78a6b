import { setTimeout as wait } from 'node:timers/promises';
import type { Store } from '../system/store.ts';

/** The latest time at which each revoking row was committed, by this process's monotonic clock. */
export interface Witness {
  /** By the id of the row. */
  readonly seenAtMs: ReadonlyMap<number, number>;
  stop(): Promise<void>;
}

const LOOK_MS = 50;

/** Polls for such rows, numbered or not, on a connection without a proxy. */
export async function watchRevocations(store: Store): Promise<Witness> {
  const seenAtMs = new Map<number, number>();
  const stopped = new AbortController();
  let since = (await store.query<{ xmin: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as xmin'))[0]
    ?.xmin;
  const look = async () => {
    const rows = await store.query<{ id: string | null; xmin: string }>(
      `select e.id, s.xmin from (select pg_snapshot_xmin(pg_current_snapshot())::text as xmin) s
       left join event_log e on e.takes_away and e.xid >= $1::xid8`,
      [since],
    );
    const nowMs = performance.now();
    for (const { id } of rows) if (id !== null && !seenAtMs.has(Number(id))) seenAtMs.set(Number(id), nowMs);
    since = rows[0]?.xmin ?? since;
  };
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await look().catch(() => {});
      await wait(LOOK_MS, undefined, { signal: stopped.signal }).catch(() => {});
    }
  })();
  return {
    seenAtMs,
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
