import { chanceOf } from '@fechatter/testing/chance';
import { Cast } from './subscribers/cast.ts';
import { type PrunedLog, restorePruned, shrinkPartitions } from './faults/log-faults.ts';
import { announceLater, type Defect, overflowingIntake, plant, soundIntake } from './faults/defects.ts';
import { type BreakOptions, breakThings } from './faults/break-things.ts';
import { calmDown, letCatchUp } from './calm-down.ts';
import { type FaultKind, faultKinds } from './faults/fault-plan.ts';
import type { Stage } from './faults/faults.ts';
import { Findings } from './checker/findings.ts';
import type { Judged } from './checker/judge-ledger.ts';
import { judgeAll } from './checker/judge.ts';
import { judgeUnread } from './checker/judge-scene.ts';
import { judgeThreads } from './checker/judge-threads.ts';
import { judgeLateness, type Lateness } from './checker/judge-lateness.ts';
import { judgeStates } from './checker/judge-state.ts';
import { judgeStores } from './checker/judge-store.ts';
import { judgeWorkers } from './checker/judge-workers.ts';
import type { SubscriberKind } from './subscribers/ledger.ts';
import { CallTally } from './writers/retry.ts';
import { setScene, type SceneSize } from './writers/scene.ts';
import { watchOwnDelays } from './system/spans.ts';
import { startSystem } from './system/system.ts';
import { watchRevocations } from './checker/witness.ts';
import { doHarm, type HarmDone } from './writers/hostile-member.ts';
import { write } from './writers/write.ts';

export interface RunOptions extends BreakOptions {
  /** If set, only these kinds of faults. */
  readonly faultKinds?: readonly FaultKind[];
  readonly size: SceneSize & Readonly<Record<SubscriberKind | 'sleepers', number>>;
  readonly instances: { readonly servers: number; readonly notifies: number; readonly workers: number };
  readonly hands: number;
  readonly pauseMs: number;
  readonly durable: boolean;
  /** Whether the database has its own disk, which can be filled up. */
  readonly hasOwnDisk: boolean;
  /** Rows per partition of the log. */
  readonly partitionRows: number;
  readonly defect?: Defect;
  /** Additional settings of the services. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The result of a run. */
export interface Outcome {
  readonly findings: Findings;
  readonly judged: Judged & { unreads: number; states: number };
  readonly harm: HarmDone;
  /** Only for runs without faults. */
  readonly lateness: Lateness | undefined;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly tally: CallTally;
  readonly sends: { readonly tried: number; readonly acknowledged: number };
  readonly events: number;
  readonly connects: number;
  readonly starts: number;
  readonly subscribers: number;
  /** How often the SDK found a gap beside a removal, and read again. */
  readonly gaps: number;
  /** How often partitions of the log were dropped. */
  readonly prunings: number;
  /** Kinds of faults that this machine does not allow. */
  readonly notStaged: readonly FaultKind[];
  readonly ownDelayMaxMs: number;
}

/** How hard each hostile member tries. */
const HARM = { hands: 3, pauseMs: 15 };

/** Starts a system, injects faults for a while, lets it recover, and checks what every subscriber received. */
export async function run(options: RunOptions): Promise<Outcome> {
  const { seed, say, defect, partitionRows } = options;
  const chance = chanceOf(seed);
  const own = watchOwnDelays();
  await using system = await startSystem({
    durable: options.durable,
    hasOwnDisk: options.hasOwnDisk,
    ...(options.settings && { settings: options.settings }),
    instances: options.instances,
    prepare: async (store) => {
      await shrinkPartitions(store, partitionRows);
      if (defect !== undefined) await plant(defect, store);
    },
  });
  say(`started in ${system.folder}`);
  const findings = new Findings();
  const tally = new CallTally();
  const witness = await watchRevocations(system.store);
  const ended = new AbortController();
  const announcing =
    defect === 'announce after commit' ? announceLater(system.store, chance.fork(), ended.signal) : undefined;
  const scene = await setScene(system, chance.fork(), tally, options.size);
  const intake = defect === 'overflow drops silently' ? overflowingIntake() : soundIntake;
  const cast = new Cast(system, scene, chance.fork(), intake);
  await cast.enter(options.size);
  say(`${cast.ledgers.length} subscribers of ${scene.people.length} people listen`);

  const pruned: PrunedLog = { partitionRows, cuts: [] };
  const stage: Stage = { system, scene, cast, pruned };
  const notStaged = faultKinds.filter(
    (kind) =>
      (system.disk === undefined && kind === 'the disk of Postgres is full') ||
      (system.workers.length === 0 && kind.includes('worker')),
  );
  const writing = new AbortController();
  const writers = Promise.all([
    write(scene, chance.fork(), options, writing.signal),
    doHarm(system, scene, chance.fork(), HARM, writing.signal),
  ]);
  const kinds = (options.faultKinds ?? faultKinds).filter((kind) => !notStaged.includes(kind));
  const faults = await breakThings(stage, kinds, options);
  writing.abort();
  const [, harm] = await writers;
  say('the writers have finished');
  await calmDown(stage, findings, defect === undefined);
  ended.abort();
  await announcing;
  await letCatchUp(stage, findings);
  say('everybody has caught up');
  await judgeWorkers(system, findings);
  const unreads =
    (await judgeUnread(system.store, scene, findings)) + (await judgeThreads(system.store, scene, findings));
  const states =
    (await judgeStates(cast.devices, findings)) + (await judgeStores(cast.devices, system.store, findings));
  await cast.leave();
  await witness.stop();
  await system.stopServices();
  own.stop();
  await restorePruned(system.store, pruned);
  const lateness = kinds.length > 0 ? undefined : judgeLateness(scene.sent, cast.ledgers, own.delays, findings);
  const { judged, events } = await judgeAll(stage, cast.ledgers, witness.seenAtMs, own.delays, findings);
  return {
    findings,
    judged: { ...judged, unreads, states },
    harm,
    lateness,
    faults,
    tally,
    sends: { tried: scene.sent.length, acknowledged: scene.sent.filter(({ acked }) => acked !== undefined).length },
    events,
    connects: cast.ledgers.reduce((sum, { connects }) => sum + connects, 0),
    starts: [...system.servers, ...system.notifies, ...system.workers].reduce(
      (sum, { service }) => sum + service.starts(),
      0,
    ),
    subscribers: cast.ledgers.length,
    gaps: cast.ledgers.reduce((sum, { gapsAtPos }) => sum + gapsAtPos.length, 0),
    prunings: pruned.cuts.length,
    notStaged,
    ownDelayMaxMs: own.maxMs(),
  };
}
