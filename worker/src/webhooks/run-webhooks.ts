import { isUnavailable } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { claimLanes, type Lane, type LaneClass, markSlow } from './lanes.ts';
import { type LaneDeps, runLane, type WebhookCounts } from './run-lane.ts';

export interface RunWebhooksOptions {
  readonly deps: LaneDeps;
  readonly signal: AbortSignal;
}

/**
 * How many receivers this process sends to at once: those that respond quickly never wait for the others. A receiver that is
 * slow for the first time has a place of theirs for 2 s, until it counts as a slow one.
 */
const classes: readonly (LaneClass & { readonly lanesMax: number; readonly pollMs: number })[] = [
  { isRetry: false, isSlow: false, lanesMax: 64, pollMs: 250 },
  { isRetry: true, isSlow: false, lanesMax: 32, pollMs: 1_000 },
  { isRetry: false, isSlow: true, lanesMax: 64, pollMs: 1_000 },
  { isRetry: true, isSlow: true, lanesMax: 32, pollMs: 1_000 },
];

/**
 * Sends what is due until `signal` aborts. One worker at a time has a lane. A worker that is killed after sending and
 * before recording that makes the next one send the same again, with the same `webhook-id`.
 */
export function runWebhooks({ deps, signal }: RunWebhooksOptions): {
  readonly counts: Readonly<WebhookCounts>;
  readonly ended: Promise<void>;
} {
  const counts = noWebhooks();
  const onError = (error: unknown) => {
    if (!isUnavailable(error)) deps.log.error({ err: error }, 'webhooks cannot be sent');
  };
  const running = classes.map((of) => ({ ...of, runs: new Set<Promise<void>>() }));
  type Running = (typeof running)[number];
  const begin = (lane: Lane, { runs }: Running) => {
    const slowRuns = running.find(({ isRetry, isSlow }) => isRetry === lane.isRetry && isSlow)?.runs ?? runs;
    const onSlow = async () => {
      if (runs === slowRuns) return;
      runs.delete(run);
      slowRuns.add(run);
      await markSlow(deps.db, lane).catch(onError);
    };
    const run = runLane(deps, lane, { counts, signal, onSlow })
      .catch(onError)
      .finally(() => {
        runs.delete(run);
        slowRuns.delete(run);
      });
    runs.add(run);
  };
  const work = async (of: Running) => {
    while (!signal.aborted) {
      const free = of.lanesMax - of.runs.size;
      const limits = { lanesMax: free, ofWorkspaceMax: of.lanesMax / 2 };
      const lanes = free > 0 ? await claimLanes(deps.db, of, randomUUID(), limits).catch(onError) : [];
      for (const lane of lanes ?? []) begin(lane, of);
      // A lane that was given back may be due again.
      await wait(of.pollMs, undefined, { signal, ref: false }).catch(() => {});
    }
  };
  const workAll = async () => {
    await Promise.all(running.map(work));
    await Promise.all(running.flatMap(({ runs }) => [...runs]));
  };
  return { counts, ended: workAll() };
}

export const noWebhooks = (): WebhookCounts => ({ delivered: 0, retry: 0, failed: 0, skipped: 0, off: 0 });
