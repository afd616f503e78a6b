import { createNotifier } from '@fechatter/drizzle';
import { suspendUser } from '@fechatter/server';
import { setTimeout as wait } from 'node:timers/promises';
import { type Chance, shuffled } from '@fechatter/testing/chance';
import type { Cast, Device } from '../subscribers/cast.ts';
import type { Stage } from './faults.ts';
import { removeFrom } from '../writers/moves.ts';
import { repeatCall } from '../writers/retry.ts';
import type { SceneChat } from '../writers/scene.ts';
import { send } from '../writers/sending.ts';
import type { Instance } from '../system/system.ts';

const CALL_MS = 30_000;

/** A third of the subscribers that can do so stop reading for a while. */
export function slowReaders({ devices }: Cast, chance: Chance, forMs: number): void {
  for (const { subscriber } of devices) if (chance.hits(0.35)) subscriber.readSlowly?.(forMs + chance.below(3_000));
}

/** Someone is removed from a chat that then receives more messages, while an instance is frozen. */
export async function freezeAndRemove(
  { scene }: Stage,
  chance: Chance,
  notify: Instance,
  forMs: number,
): Promise<boolean> {
  const frozen = notify.service.freeze(Math.max(forMs, 2_600));
  const removable = ({ members }: SceneChat) =>
    [...members].filter((person) => !scene.suspended.has(person) && !scene.steady.has(person));
  const chat = chance.pick(scene.chats.filter((one) => !one.isDeleted && removable(one).length > 0));
  const inside = removable(chat);
  const removed = shuffled(inside, chance).slice(0, 3);
  for (const person of removed) {
    chat.members.delete(person);
    await removeFrom(scene, chat, person);
  }
  for (let n = 0; n < 10; n++) await send(scene, chance, chat, chat.owner);
  await frozen;
  return removed.length > 0;
}

/** A device is signed out by its owner while an instance is frozen. */
export async function freezeAndRevoke(stage: Stage, chance: Chance, notify: Instance, forMs: number): Promise<boolean> {
  const frozen = notify.service.freeze(Math.max(forMs, 2_600));
  const done = await revoke(stage, chance);
  await frozen;
  return done;
}

/** A device is signed out; another takes its place. */
export async function revoke({ cast, scene }: Stage, chance: Chance): Promise<boolean> {
  const able = cast
    .signedIn()
    .filter((device) => !scene.suspended.has(device.person) && !cast.sleepers.includes(device));
  if (able.length === 0) return false;
  const device = chance.pick(able);
  const { person, sessionId } = device;
  scene.ended.add(sessionId);
  const outcome = await repeatCall(
    scene.tally,
    () => person.client.auth.revokeSession.mutate({ sessionId }),
    CALL_MS,
    'auth.revokeSession',
  );
  // A repeat after a lost response finds no session: it was ended by the first call.
  if (outcome.is === 'unknown') return false;
  cast.replace(device);
  return true;
}

/** A person signs out all of their other devices while these have streams; others take their place. */
export async function signOutOthers({ cast, scene }: Stage, chance: Chance): Promise<boolean> {
  // A device that is just signing in has a session that this function does not know yet.
  await cast.settled();
  const { person } = chance.pick(cast.devices.filter((device) => !scene.suspended.has(device.person)));
  const theirs = cast.devices.filter((device) => device.person === person);
  if (theirs.some((device) => cast.sleepers.includes(device))) return false;
  scene.signingOut.add(person);
  for (const { sessionId } of theirs) scene.ended.add(sessionId);
  const out = () => person.client.auth.signoutOthers.mutate();
  const outcome = await repeatCall(scene.tally, out, CALL_MS, 'auth.signoutOthers');
  scene.signingOut.delete(person);
  if (outcome.is !== 'done') return false;
  for (const device of theirs) cast.replace(device);
  return true;
}

/** Suspends an account, as the operator's command does. */
export async function suspend({ system, cast, scene }: Stage, chance: Chance): Promise<boolean> {
  const { person } = chance.pick(cast.devices.filter((device) => !scene.steady.has(device.person)));
  scene.suspended.add(person);
  for (const device of cast.devices) if (device.person === person) scene.ended.add(device.sessionId);
  for (const chat of scene.chats) chat.members.delete(person);
  const db = system.store.open();
  try {
    await suspendUser({ db, notifier: createNotifier(db.pool), revoked: { add: () => {} } }, person.id);
  } finally {
    await db.close();
  }
  await until2s(cast.devices.filter((device) => device.person === person));
  return true;
}

/** The devices end by themselves and are not replaced. */
async function until2s(devices: readonly Device[]): Promise<void> {
  const deadlineMs = performance.now() + 2_000;
  while (performance.now() < deadlineMs && devices.some(({ subscriber }) => !subscriber.ledger.endReason))
    await wait(50);
}

const FLOOD_SENDS = 800;
const FLOOD_CONCURRENCY = 10;

/** Sends more than all buffers hold to readers whose connections are stalled for a while. */
export async function flood({ scene }: Stage, chance: Chance, notify: Instance, forMs: number): Promise<void> {
  const chat = chance.pick(scene.chats.slice(0, 4));
  let left = FLOOD_SENDS;
  const sendAll = async () => {
    while (left-- > 0) await send(scene, chance, chat, chat.owner, { chars: 7_900 });
  };
  await notify.cable.stallDuring(async () => {
    await Promise.all(Array.from({ length: FLOOD_CONCURRENCY }, sendAll));
    await wait(forMs);
  });
}
