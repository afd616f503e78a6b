import { setTimeout as wait } from 'node:timers/promises';
import { Cast } from './subscribers/cast.ts';
import { chanceOf } from './chance.ts';
import { moveToEndOfPartition, restorePruned } from './faults/database-faults.ts';
import { announceLater, type Defect, overflowingIntake, plant, soundIntake } from './faults/defects.ts';
import { type FaultKind, planFaults } from './faults/fault-plan.ts';
import { commit, type Stage } from './faults/faults.ts';
import { Findings } from './checker/findings.ts';
import type { Judged } from './checker/judge-ledger.ts';
import { judgeAll } from './checker/judge.ts';
import { judgeUnread } from './checker/judge-scene.ts';
import { judgeStates } from './checker/judge-state.ts';
import type { SubscriberKind } from './subscribers/ledger.ts';
import { CallTally } from './writers/retry.ts';
import { setScene, type SceneSize } from './writers/scene.ts';
import { allReady } from './system/service.ts';
import { watchOwnDelays } from './system/spans.ts';
import { startSystem, type System } from './system/system.ts';
import { until } from './system/until.ts';
import { watchCuts } from './checker/witness.ts';
import { write } from './writers/write.ts';

export interface RunOptions {
  readonly seed: number;
  readonly durationMs: number;
  /** Faults come so far apart, on average. */
  readonly faultGapMs: number;
  /** Only these, where given. */
  readonly faultKinds?: readonly FaultKind[];
  readonly size: SceneSize & Readonly<Record<SubscriberKind | 'sleepers', number>>;
  readonly instances: { readonly servers: number; readonly notifies: number };
  readonly hands: number;
  readonly pauseMs: number;
  readonly durable: boolean;
  readonly defect?: Defect;
  readonly say: (line: string) => void;
}

/** What a run has shown. */
export interface Outcome {
  readonly findings: Findings;
  readonly judged: Judged & { unreads: number; states: number };
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly tally: CallTally;
  readonly sends: { readonly tried: number; readonly acknowledged: number };
  readonly events: number;
  readonly connects: number;
  readonly starts: number;
  readonly subscribers: number;
  readonly ownDelayMaxMs: number;
}

const CALM_MS = 120_000;
const CAUGHT_UP_MS = 120_000;
const NUMBERED_MS = 30_000;
/** With a planted defect some rows never are. */
const NUMBERED_DEFECT_MS = 2_000;
const ROWS_LEFT_IN_PARTITION = 200;

/** Starts a system, breaks it for a while, lets it recover, and judges what everybody was told. */
export async function run(options: RunOptions): Promise<Outcome> {
  const { seed, say, defect } = options;
  const chance = chanceOf(seed);
  const own = watchOwnDelays();
  await using system = await startSystem({
    durable: options.durable,
    instances: options.instances,
    prepare: async (store) => {
      await moveToEndOfPartition(store, ROWS_LEFT_IN_PARTITION);
      if (defect !== undefined) await plant(defect, store);
    },
  });
  say(`started in ${system.folder}`);
  const tally = new CallTally();
  const witness = await watchCuts(system.store);
  const ended = new AbortController();
  const announcing =
    defect === 'announce after commit' ? announceLater(system.store, chance.fork(), ended.signal) : undefined;
  const scene = await setScene(system, chance.fork(), tally, options.size);
  const intake = defect === 'overflow drops silently' ? overflowingIntake() : soundIntake;
  const cast = new Cast(system, scene, chance.fork(), intake);
  await cast.enter(options.size);
  say(`${cast.ledgers.length} subscribers of ${scene.people.length} people listen`);

  const stage: Stage = { system, scene, cast, pruned: { belowPos: 0, atMs: 0 } };
  const writing = new AbortController();
  const writers = write(scene, chance.fork(), options, writing.signal);
  const faults = await breakThings(stage, options);
  writing.abort();
  await writers;
  say('the writers have finished');
  await allReady(
    [...system.servers, ...system.notifies].map(({ service }) => service),
    CALM_MS,
  );
  await cast.settled();
  await numbered(system, defect === undefined ? NUMBERED_MS : NUMBERED_DEFECT_MS);
  ended.abort();
  await announcing;

  cast.wake();
  const findings = new Findings();
  const lastPos = await lastPosition(system);
  for (const { cable } of system.notifies) cable.cut();
  await cast
    .until(({ reachedPos }) => reachedPos >= lastPos, `everybody is at ${lastPos}`, CAUGHT_UP_MS)
    .catch((error: unknown) => findings.add('a client was let down', String(error)));
  say('everybody has caught up');
  const unreads = await judgeUnread(system.store, scene, findings);
  const states = await judgeStates(cast.devices, findings);
  await cast.leave();
  await witness.stop();
  await system.stopServices();
  own.stop();
  await restorePruned(system.store);
  const { judged, events } = await judgeAll(stage, cast.ledgers, witness.seenAtMs, own.delays, findings);
  return {
    findings,
    judged: { ...judged, unreads, states },
    faults,
    tally,
    sends: { tried: scene.sent.length, acknowledged: scene.sent.filter(({ acked }) => acked !== undefined).length },
    events,
    connects: cast.ledgers.reduce((sum, { connects }) => sum + connects, 0),
    starts: [...system.servers, ...system.notifies].reduce((sum, { service }) => sum + service.starts(), 0),
    subscribers: cast.ledgers.length,
    ownDelayMaxMs: own.maxMs(),
  };
}

/** Commits the faults of the plan, each at its time; what is planned for Postgres itself waits for its turn. */
async function breakThings(stage: Stage, options: RunOptions): Promise<ReadonlyMap<FaultKind, number>> {
  const { seed, durationMs, faultGapMs, faultKinds, say } = options;
  const counts = new Map<FaultKind, number>();
  const beganAtMs = performance.now();
  const under: Promise<void>[] = [];
  let postgres = Promise.resolve();
  for (const fault of planFaults(seed, durationMs, faultGapMs, faultKinds)) {
    await wait(Math.max(0, beganAtMs + fault.atMs - performance.now()));
    say(`${Math.round((performance.now() - beganAtMs) / 1_000)} s: ${fault.kind}`);
    const act = async () => {
      if (await commit(stage, fault)) counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
      else say(`(nothing came of: ${fault.kind})`);
    };
    if (fault.kind.includes('Postgres')) under.push((postgres = postgres.then(act)));
    else under.push(act());
  }
  await wait(Math.max(0, beganAtMs + durationMs - performance.now()));
  await Promise.all(under);
  return counts;
}

const lastPosition = async ({ store }: System): Promise<number> =>
  Number((await store.query<{ pos: string }>('select max(pos) as pos from log_order'))[0]?.pos ?? 0);

/** Waits until every row has its place; one that has none in the end is found by the checker. */
async function numbered({ store }: System, timeoutMs: number): Promise<void> {
  const isNumbered = async () => {
    const [row] = await store.query<{ n: number }>(
      'select count(*)::int as n from event_log e left join log_order o on o.event_id = e.id where o.pos is null',
    );
    return row?.n === 0;
  };
  await until(isNumbered, () => 'every row is numbered', timeoutMs).catch(() => {});
}
