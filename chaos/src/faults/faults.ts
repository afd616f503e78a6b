import { chanceOf } from '../chance.ts';
import type { Cast } from '../subscribers/cast.ts';
import { holdHead, holdSnapshot, killBackEnds, leaveIdle, pruneLog, sendLate } from './database-faults.ts';
import type { Fault, FaultKind } from './fault-plan.ts';
import { flood, freezeAndRemove, freezeAndRevoke, revoke, slowReaders, suspend } from './people-faults.ts';
import type { Scene } from '../writers/scene.ts';
import type { Instance, System } from '../system/system.ts';

/** What a fault may touch. */
export interface Stage {
  readonly system: System;
  readonly scene: Scene;
  readonly cast: Cast;
  readonly pruned: PrunedLog;
}

/** What was pruned from the log, kept beside it for the checker. */
export interface PrunedLog {
  /** Every position below it is gone; 0: none. */
  belowPos: number;
  atMs: number;
}

/** Does it; answers when it is over, and whether there was anything to do it to. */
export async function commit(stage: Stage, fault: Fault): Promise<boolean> {
  const { system, cast } = stage;
  const { target, forMs } = fault;
  const chance = chanceOf(fault.seed);
  const notify = one(system.notifies, target);
  const server = one(system.servers, target);
  const any = one([...system.servers, ...system.notifies], target);
  const acts: Record<FaultKind, () => Promise<unknown>> = {
    'kill notify': async () => notify.service.signal('SIGKILL'),
    'kill server': async () => server.service.signal('SIGKILL'),
    'stop notify in order': async () => notify.service.signal('SIGTERM'),
    'stop server in order': async () => server.service.signal('SIGTERM'),
    'kill Postgres': () => system.store.kill(),
    'kill back ends': () => killBackEnds(system.store, chance),
    'freeze notify': () => notify.service.freeze(forMs),
    'freeze server': () => server.service.freeze(forMs),
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
    suspension: () => suspend(stage, chance),
    'log pruned while readers come back': () => pruneLog(stage, chance),
  };
  try {
    return (await acts[fault.kind]()) !== false;
  } catch {
    // Another fault was in its way: a database that is down holds no lock.
    return false;
  }
}

function one(instances: readonly Instance[], target: number): Instance {
  const instance = instances[target % instances.length];
  if (instance === undefined) throw new Error('there are no instances');
  return instance;
}
