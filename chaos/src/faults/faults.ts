import { type Chance, chanceOf } from '@fechatter/testing/chance';
import { until } from '@fechatter/testing/until';
import type { Cast } from '../subscribers/cast.ts';
import { setTimeout as wait } from 'node:timers/promises';
import { jumpClock } from './clock.ts';
import { holdHead, holdSnapshot, killBackEnds, leaveIdle, sendLate, sendTampered } from './database-faults.ts';
import type { Fault, FaultKind } from './fault-plan.ts';
import {
  flood,
  freezeAndRemove,
  freezeAndRevoke,
  revoke,
  signOutOthers,
  slowReaders,
  suspend,
} from './people-faults.ts';
import { type PrunedLog, pruneLog } from './log-faults.ts';
import { purgeOld } from './retention-faults.ts';
import { deleteWorkspace, removeWhileJoining } from './workspace-faults.ts';
import type { Scene } from '../writers/scene.ts';
import type { Instance, System } from '../system/system.ts';
import { AVOIDED_MS } from '../writers/sdk-client.ts';

/** What a fault may touch. */
export interface Stage {
  readonly system: System;
  readonly scene: Scene;
  readonly cast: Cast;
  readonly pruned: PrunedLog;
}

/** Runs a fault to its end; returns what prevented it, or undefined if nothing did. */
export async function commit(stage: Stage, fault: Fault): Promise<string | undefined> {
  const { system, cast } = stage;
  const { target, forMs } = fault;
  const chance = chanceOf(fault.seed);
  const notify = one(system.notifies, target);
  const server = one(system.servers, target);
  const worker = () => one(system.workers, target).service;
  const any = one([...system.servers, ...system.notifies], target);
  const acts: Record<FaultKind, () => Promise<unknown>> = {
    'kill notify': async () => notify.service.signal('SIGKILL'),
    'kill server': async () => server.service.signal('SIGKILL'),
    'kill worker': async () => worker().signal('SIGKILL'),
    'stop notify in order': async () => notify.service.signal('SIGTERM'),
    'stop server in order': async () => server.service.signal('SIGTERM'),
    'stop worker in order': async () => worker().signal('SIGTERM'),
    'every service is restarted in turn': () => restartInTurn(system),
    'kill Postgres': () => system.store.kill(),
    'kill back ends': () => killBackEnds(system.store, chance),
    'freeze notify': () => notify.service.freeze(forMs),
    'freeze server': () => server.service.freeze(forMs),
    'freeze worker': () => worker().freeze(forMs),
    'freeze Postgres': () => system.store.freeze(forMs),
    'cut client connections': async () => void any.cable.cut(chance, 0.5),
    'client connections go silent': () => any.cable.silence(forMs),
    'client connections go slow': () => notify.cable.slow(forMs),
    'refuse client connections': () => any.cable.refuse(forMs),
    'cut database connections': async () => void any.databaseCable.cut(chance, 0.7),
    'database connections go silent': () => any.databaseCable.silence(forMs),
    'readers go slow': async () => slowReaders(cast, chance, forMs),
    'a flood behind stalled connections': () => flood(stage, chance, notify, forMs),
    'a chat head is held': () => holdHead(stage, chance, forMs),
    'a snapshot is held': () => holdSnapshot(system.store, forMs),
    'a transaction is left idle': () => leaveIdle(system.store, forMs),
    'a commit comes late': () => sendLate(stage, chance, forMs),
    'removal while a notify is frozen': () => freezeAndRemove(stage, chance, notify, forMs),
    'revocation while a notify is frozen': () => freezeAndRevoke(stage, chance, notify, forMs),
    revocation: () => revoke(stage, chance),
    'all other devices are signed out': () => signOutOthers(stage, chance),
    suspension: () => suspend(stage, chance),
    'the log is pruned while readers come back': () => pruneLog(system, cast, stage.pruned, chance),
    'the disk of Postgres is full': () => fillDisk(system, forMs),
    'Postgres is restarted in order': () => system.store.restart(),
    'a ciphertext is tampered with': () => sendTampered(stage, chance),
    'the clocks of clients jump': () => jumpClocks(chance, forMs),
    'responses come late': () => system.lateResponses.during(2 * forMs, LATE_MAX_MS),
    'a workspace is deleted while people talk in it': () => deleteWorkspace(stage, chance, forMs),
    'removal from a workspace while joining its chats': () => removeWhileJoining(stage, chance),
    'old messages are purged while people write': () => purgeOld(stage),
  };
  try {
    return (await acts[fault.kind]()) === false ? 'there was nothing to do it to' : undefined;
  } catch (error) {
    // Another fault prevented it: a database that is down holds no lock.
    return String(error);
  }
}

const LATE_MAX_MS = 2_500;
const DAY_MS = 86_400_000;

async function jumpClocks(chance: Chance, forMs: number): Promise<void> {
  const setRight = jumpClock((chance.hits(0.5) ? 1 : -1) * (1 + chance.below(30)) * DAY_MS);
  await wait(forMs);
  setRight();
}

const STARTED_MS = 60_000;

/** As in a deployment: the next one is restarted when the one before is ready again and callers have noticed. */
async function restartInTurn({ servers, notifies, workers }: System): Promise<void> {
  for (const { service } of [...servers, ...notifies, ...workers]) {
    const starts = service.starts();
    service.signal('SIGTERM');
    await until(
      async () => service.starts() > starts && (await service.isReady()),
      () => `${service.name} is ready again`,
      STARTED_MS,
    );
    await wait(AVOIDED_MS);
  }
}

/** Postgres may crash, and cannot come back before there is space again. */
async function fillDisk({ disk, store }: System, forMs: number): Promise<boolean> {
  if (disk === undefined) return false;
  const free = await disk.fill();
  await wait(forMs);
  await free();
  await store.revive();
  return true;
}

function one(instances: readonly Instance[], target: number): Instance {
  const instance = instances[target % instances.length];
  if (instance === undefined) throw new Error('there are no instances');
  return instance;
}
