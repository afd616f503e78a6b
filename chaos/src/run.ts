import { chanceOf } from '@fechatter/testing/chance';
import { Cast } from './subscribers/cast.ts';
import { ageMessages } from './faults/retention-faults.ts';
import { type PrunedLog, restorePruned, shrinkPartitions } from './faults/log-faults.ts';
import { type Defect, intakeOf } from './faults/defects.ts';
import { announceLater, plant } from './faults/plant-defects.ts';
import { type BreakOptions, breakThings } from './faults/break-things.ts';
import { calmDown, letCatchUp } from './calm-down.ts';
import { type FaultKind, faultKinds } from './faults/fault-plan.ts';
import type { Stage } from './faults/faults.ts';
import { Findings } from './checker/findings.ts';
import type { Checked } from './checker/check-ledger.ts';
import { checkAll } from './checker/check.ts';
import { checkUnread } from './checker/check-scene.ts';
import { checkThreads } from './checker/check-threads.ts';
import { checkLateness, type Lateness } from './checker/check-lateness.ts';
import { checkStates } from './checker/check-state.ts';
import { checkStores } from './checker/check-store.ts';
import { checkFiles } from './checker/check-files.ts';
import { checkKilledPresence, checkPresence } from './checker/check-presence.ts';
import { checkQuotes } from './checker/check-quotes.ts';
import { checkWorkers } from './checker/check-workers.ts';
import type { SubscriberKind } from './subscribers/ledger.ts';
import { CallTally } from './writers/retry.ts';
import { setScene, type SceneSize } from './writers/scene.ts';
import { watchOwnDelays } from './system/spans.ts';
import { startSystem } from './system/system.ts';
import { watchRevocations } from './checker/witness.ts';
import { doHarm, type HarmDone } from './writers/hostile-member.ts';
import { mutations } from './writers/mutations.ts';
import { write, type WriteOptions } from './writers/write.ts';

export interface RunOptions extends BreakOptions, WriteOptions {
  /** If set, only these kinds of faults. */
  readonly faultKinds?: readonly FaultKind[];
  readonly size: SceneSize & Readonly<Record<SubscriberKind | 'sleepers', number>>;
  readonly instances: { readonly servers: number; readonly notifies: number; readonly workers: number };
  readonly durable: boolean;
  /** Whether the database has its own disk, which can be filled up. */
  readonly hasOwnDisk: boolean;
  /** Whether to wait until presence has healed, which takes minutes. */
  readonly checksPresence: boolean;
  /** Rows per partition of the log. */
  readonly partitionRows: number;
  readonly defects?: readonly Defect[];
  /** Additional settings of the services. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The result of a run. */
export interface Outcome {
  readonly findings: Findings;
  readonly checked: Checked & { unreads: number; states: number; files: number; quotes: number; presences: number };
  readonly harm: HarmDone;
  /** Only for runs without faults. */
  readonly lateness: Lateness | undefined;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly tally: CallTally;
  /** The mutations of the contract that were done, by path. */
  readonly mutations: readonly string[];
  /** How many files were uploaded. */
  readonly files: number;
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
const HARM = { concurrency: 3, pauseMs: 15 };

/** Starts a system, injects faults for a while, lets it recover, and checks what every subscriber received. */
export async function run(options: RunOptions): Promise<Outcome> {
  const { seed, print, defects = [], partitionRows } = options;
  const chance = chanceOf(seed);
  const own = watchOwnDelays();
  await using system = await startSystem({
    durable: options.durable,
    hasOwnDisk: options.hasOwnDisk,
    ...(options.settings && { settings: options.settings }),
    instances: options.instances,
    prepare: async (store) => {
      await shrinkPartitions(store, partitionRows);
      await ageMessages(store);
      for (const defect of defects) await plant(defect, store);
    },
  });
  print(`started in ${system.folder}`);
  const findings = new Findings();
  const tally = new CallTally();
  const witness = await watchRevocations(system.store);
  const ended = new AbortController();
  const announcing = defects.includes('announce after commit')
    ? announceLater(system.store, chance.fork(), ended.signal)
    : undefined;
  const scene = await setScene(system, chance.fork(), tally, options.size);
  const cast = new Cast(system, scene, chance.fork(), intakeOf(defects));
  await cast.enter(options.size);
  print(`${cast.ledgers.length} subscribers of ${scene.people.length} people listen`);

  const pruned: PrunedLog = { partitionRows, cuts: [] };
  const stage: Stage = { system, scene, cast, pruned };
  const notStaged = faultKinds.filter(
    (kind) =>
      (system.disk === undefined && kind === 'the disk of Postgres is full') ||
      (system.workers.length === 0 &&
        (kind.includes('worker') || kind === 'old messages are purged while people write')),
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
  print('the writers have finished');
  await calmDown(stage, findings, defects.length === 0);
  ended.abort();
  await announcing;
  await letCatchUp(stage, findings);
  print('all subscribers have caught up');
  await checkWorkers(system, scene, findings);
  const unreads =
    (await checkUnread(system.store, scene, findings)) + (await checkThreads(system.store, scene, findings));
  const states =
    (await checkStates(cast.devices, findings)) + (await checkStores(cast.devices, system.store, findings));
  const files = await checkFiles(system.store, scene, findings);
  const quotes = await checkQuotes(system.store, scene, system.encryptionKey, findings);
  const presences = options.checksPresence ? await checkPresence(scene, cast.devices, findings) : 0;
  if (options.checksPresence) await checkKilledPresence(system, scene, chance.fork(), cast.devices, findings);
  await cast.leave();
  await witness.stop();
  await system.stopServices();
  own.stop();
  await restorePruned(system.store, pruned);
  const lateness = kinds.length > 0 ? undefined : checkLateness(scene.sent, cast.ledgers, own.delays, findings);
  const { checked, events } = await checkAll(stage, cast.ledgers, witness.seenAtMs, own.delays, findings);
  return {
    findings,
    checked: { ...checked, unreads, states, files, quotes, presences },
    harm,
    lateness,
    faults,
    tally,
    mutations: mutations.filter((path) => tally.doneOf.has(path)),
    files: scene.files.length,
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
