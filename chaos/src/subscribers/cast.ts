import { v7 as uuidv7 } from 'uuid';
import { setTimeout as wait } from 'node:timers/promises';
import { type Chance, shuffled } from '@fechatter/testing/chance';
import { until } from '@fechatter/testing/until';
import { bearerOf } from './bearer.ts';
import type { Intake, Ledger, SubscriberKind } from './ledger.ts';
import { type Person, signIn } from '../writers/people.ts';
import { plainSubscriber } from './plain-subscriber.ts';
import type { Scene } from '../writers/scene.ts';
import { type Follower, sdkFollower } from './sdk-subscriber.ts';
import { stockSubscriber } from './stock-subscriber.ts';
import { type StoreUser, storeUser } from './store-subscriber.ts';
import type { Subscriber } from './subscriber.ts';
import type { System } from '../system/system.ts';

/** A person's device: a session and its subscriber. */
export interface Device {
  readonly person: Person;
  readonly sessionId: string;
  readonly subscriber: Subscriber;
  readonly follower: Follower | undefined;
  readonly user: StoreUser | undefined;
}

/** Each delivery is checked for the limit of 2 s; the reason of a stream's end comes with the next connection. */
const TOLD_MS = 60_000;

/** All subscribers. A device whose session was revoked is replaced by another of the same kind. */
export class Cast {
  readonly devices: Device[] = [];
  readonly sleepers: Device[] = [];
  /** Including those of devices that are gone. */
  readonly ledgers: Ledger[] = [];
  readonly #system: System;
  readonly #scene: Scene;
  readonly #chance: Chance;
  readonly #intake: Intake;
  readonly #replacing = new Set<Promise<void>>();
  #count = 0;

  constructor(system: System, scene: Scene, chance: Chance, intake: Intake) {
    this.#system = system;
    this.#scene = scene;
    this.#chance = chance;
    this.#intake = intake;
  }

  /**
   * Adds devices of each kind, assigned to people in turn; `sleepers` of them disconnect at once, until they are woken.
   */
  async enter(counts: Readonly<Record<SubscriberKind | 'sleepers', number>>): Promise<void> {
    const { people } = this.#scene;
    let at = 0;
    for (const kind of ['stock', 'plain', 'sdk', 'store'] as const)
      for (let n = 0; n < counts[kind]; n++) {
        const person = people[at++ % people.length];
        if (person !== undefined) await this.add(person, kind);
      }
    await this.until((ledger) => ledger.startPos !== undefined, 'all subscribers are connected', 60_000);
    this.rest(counts.sleepers, this.#chance);
  }

  /** The devices whose session has not been ended. One whose session was just ended still waits for its replacement. */
  signedIn(): Device[] {
    return this.devices.filter(({ sessionId }) => !this.#scene.ended.has(sessionId));
  }

  /** Disconnects this many of the devices that can sleep, until they are woken. */
  rest(count: number, chance: Chance): void {
    const able = this.signedIn().filter(
      (device) => device.subscriber.sleep !== undefined && !this.sleepers.includes(device),
    );
    for (const device of shuffled(able, chance).slice(0, count)) {
      this.sleepers.push(device);
      device.subscriber.sleep?.();
    }
  }

  async add(person: Person, kind: SubscriberKind): Promise<void> {
    const system = this.#system;
    const chance = this.#chance.fork();
    let instance = 0;
    const signedIn = await signIn(system, chance, person, this.#scene.tally, (at) => (instance = at));
    if (signedIn === undefined) return;
    const { client, sessionId } = signedIn;
    const name = `${person.name}/${kind}-${this.#count++}`;
    const { servers, notifies } = system;
    const options = { name, userId: person.id, sessionId, servers, notifies, chance, intake: this.#intake };
    const own = { ...options, client, instanceOf: () => instance, tally: this.#scene.tally };
    const follower = kind === 'sdk' ? await sdkFollower(own) : undefined;
    const user = kind === 'store' ? await storeUser(own, this.#watched()) : undefined;
    const other = { ...options, bearer: bearerOf(client) };
    const subscriber = follower ?? user ?? (kind === 'plain' ? plainSubscriber(other) : stockSubscriber(other));
    this.ledgers.push(subscriber.ledger);
    this.devices.push({ person, sessionId, subscriber, follower, user });
    if (user !== undefined) this.#scene.outboxes.set(subscriber, { person, store: user.store });
  }

  /** A device whose session was revoked has received its end; another replaces it after a while. */
  replace(device: Device): void {
    const replacing = this.#replace(device)
      .catch((error: unknown) => void this.#scene.contradictions.push(`no other device: ${String(error)}`))
      .finally(() => this.#replacing.delete(replacing));
    this.#replacing.add(replacing);
  }

  /** Waits until all replacements are done. */
  async settled(): Promise<void> {
    while (this.#replacing.size > 0) await Promise.all(this.#replacing);
  }

  /** All people of the scene, and one who shares nothing with them. */
  #watched(): readonly string[] {
    return [...this.#scene.people.map(({ id }) => id), uuidv7()];
  }

  async #replace(device: Device): Promise<void> {
    const { ledger } = device.subscriber;
    const deadlineMs = performance.now() + TOLD_MS;
    while (ledger.endReason === undefined && performance.now() < deadlineMs) await wait(100);
    if (ledger.endReason === undefined) {
      ledger.mistakes.push(`its session was revoked, and ${TOLD_MS} ms later it had not received that`);
      ledger.end('session_revoked');
    }
    await this.dismiss(device);
    while (this.#scene.signingOut.has(device.person)) await wait(100);
    await this.add(device.person, ledger.kind);
  }

  async dismiss(device: Device): Promise<void> {
    this.#scene.outboxes.delete(device.subscriber);
    await device.subscriber.stop();
    this.devices.splice(this.devices.indexOf(device), 1);
  }

  async until(fact: (ledger: Ledger) => boolean, what: string, timeoutMs: number): Promise<void> {
    const missing = () =>
      this.devices.map(({ subscriber }) => subscriber.ledger).filter((ledger) => !ledger.endReason && !fact(ledger));
    const say = () =>
      `${what}; not so: ${missing()
        .map(({ name, reachedPos, connects }) => `${name} (at ${reachedPos}, ${connects} connects)`)
        .join(', ')}`;
    await until(() => missing().length === 0, say, timeoutMs);
  }

  /** Wakes this many sleepers. */
  wake(count = this.sleepers.length): void {
    for (const { subscriber } of this.sleepers.splice(0, count)) subscriber.wake?.();
  }

  async leave(): Promise<void> {
    await Promise.all(this.devices.map(({ subscriber }) => subscriber.stop()));
  }
}
