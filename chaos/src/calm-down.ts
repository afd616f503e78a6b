import { until } from '@fechatter/testing/until';
import type { Findings } from './checker/findings.ts';
import type { Stage } from './faults/faults.ts';
import { appBringsAllBack } from './writers/app-moves.ts';
import { bringAllBack } from './writers/workspace-moves.ts';
import { allReady } from './system/service.ts';
import type { System } from './system/system.ts';

const CALM_MS = 120_000;
const CAUGHT_UP_MS = 120_000;
const NUMBERED_MS = 30_000;
/** With a planted defect some rows are never numbered. */
const NUMBERED_DEFECT_MS = 2_000;
const SENT_MS = 60_000;

/**
 * Called when no fault is active any more: waits for every service, device and send, and until every row is numbered.
 */
export async function calmDown({ system, scene, cast }: Stage, findings: Findings, isSound: boolean): Promise<void> {
  await allReady(
    [...system.servers, ...system.notifies, ...system.workers].map(({ service }) => service),
    CALM_MS,
  );
  await cast.settled();
  await bringAllBack(scene);
  await appBringsAllBack(scene);
  // Messages in the outbox of a signed-out person wait until they sign in again.
  const unsettled = () =>
    [...scene.underWay.values()].filter((device) => {
      const owner = scene.outboxes.get(device);
      return owner !== undefined && !scene.suspended.has(owner.person);
    }).length;
  await until(
    () => unsettled() === 0,
    () => `${unsettled()} sends of stores wait for a response`,
    SENT_MS,
  ).catch((error: unknown) => findings.add('a client was let down', String(error)));
  await lookedAt(system, findings);
  await numbered(system, isSound ? NUMBERED_MS : NUMBERED_DEFECT_MS);
}

/**
 * Wakes every sleeper, cuts all connections again, and waits until each subscriber has reached the end of the log.
 */
export async function letCatchUp({ system, cast }: Stage, findings: Findings): Promise<void> {
  cast.wake();
  const lastPos = await lastPosition(system);
  for (const { cable } of system.notifies) cable.cut();
  await cast
    .until(({ reachedPos }) => reachedPos >= lastPos, `all subscribers are at ${lastPos}`, CAUGHT_UP_MS)
    .catch((error: unknown) => findings.add('a client was let down', String(error)));
}

const lastPosition = async ({ store }: System): Promise<number> =>
  Number((await store.query<{ pos: string }>('select max(pos) as pos from log_order'))[0]?.pos ?? 0);

/** Waits until workers have looked at every file: each that they finish is an event. */
async function lookedAt({ store, workers }: System, findings: Findings): Promise<void> {
  if (workers.length === 0) return;
  await store.query('update file_checks set due_at = clock_timestamp() where lease is null');
  const isDone = async () => (await store.query('select from file_checks limit 1')).length === 0;
  await until(isDone, 'workers have looked at all files', CALM_MS).catch((error: unknown) =>
    findings.add('what a worker has to do is not done', String(error)),
  );
}

/** Waits until every row has a position; the checker reports rows that never get one. */
async function numbered({ store }: System, timeoutMs: number): Promise<void> {
  const isNumbered = async () => {
    const [row] = await store.query<{ n: number }>(
      `select count(*)::int as n from event_log e left join log_order o on o.event_id = e.id
       where o.pos is null and e.id > (select min(event_id) from log_order)`,
    );
    return row?.n === 0;
  };
  await until(isNumbered, () => 'every row is numbered', timeoutMs).catch(() => {});
}
