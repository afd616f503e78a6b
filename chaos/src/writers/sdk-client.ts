import { createAdmin, createFechatter, type FechatterAdmin, type FechatterClient } from '@fechatter/client';
import type { Chance } from '@fechatter/testing/chance';
import type { LateResponses } from '../system/late-responses.ts';
import type { Instance } from '../system/system.ts';

export interface Backends {
  readonly servers: readonly Instance[];
  readonly notifies: readonly Instance[];
  readonly lateResponses: LateResponses;
}

const SERVER = 'http://server.invalid';
const NOTIFY = 'http://notify.invalid';
const TIMEOUT_MS = 6_000;
/** For how long an instance is avoided after a failure, as a load balancer does. */
export const AVOIDED_MS = 1_000;

/** An SDK client that sends each request to a random instance, except one that has just failed. */
export const hoppingClient = (
  backends: Backends,
  chance: Chance,
  onStream: (instance: number) => void = () => {},
): FechatterClient =>
  createFechatter({
    serverUrl: SERVER,
    notifyUrl: NOTIFY,
    timeoutMs: TIMEOUT_MS,
    inactivityMs: 20_000,
    backoff: { firstMs: 100, maxMs: 1_000 },
    fetch: hoppingFetch(backends, chance, onStream),
  });

/** The same for the server of an app. */
export const hoppingAdmin = (backends: Backends, chance: Chance, serviceKey: string): FechatterAdmin =>
  createAdmin({
    serverUrl: SERVER,
    serviceKey,
    timeoutMs: TIMEOUT_MS,
    fetch: hoppingFetch(backends, chance, () => {}),
  });

function hoppingFetch(
  { servers, notifies, lateResponses }: Backends,
  chance: Chance,
  onStream: (instance: number) => void,
): typeof fetch {
  const failedAtMs = new Map<Instance, number>();
  const isWell = (instance: Instance) => performance.now() - (failedAtMs.get(instance) ?? -AVOIDED_MS) >= AVOIDED_MS;
  return async (target, init) => {
    const asked = typeof target === 'string' ? target : target instanceof URL ? target.href : target.url;
    const isNotify = asked.startsWith(NOTIFY);
    const among = isNotify ? notifies : servers;
    const well = among.filter(isWell);
    const [longestAgo] = among.toSorted((a, b) => (failedAtMs.get(a) ?? 0) - (failedAtMs.get(b) ?? 0));
    const instance = well.length > 0 || longestAgo === undefined ? chance.pick(well) : longestAgo;
    if (isNotify && asked.includes('notification.events')) onStream(among.indexOf(instance));
    const path = asked.slice((isNotify ? NOTIFY : SERVER).length);
    try {
      const response = await fetch(`${instance.url}${path}`, init);
      if (!isNotify) await lateResponses.hold(chance);
      if (response.status >= 500) failedAtMs.set(instance, performance.now());
      return response;
    } catch (error) {
      failedAtMs.set(instance, performance.now());
      throw error;
    }
  };
}
