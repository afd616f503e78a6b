import { createFechatter, type FechatterClient } from '@fechatter/client';
import type { Chance } from '@fechatter/testing/chance';
import type { LateAnswers } from '../system/late-answers.ts';
import type { Instance } from '../system/system.ts';

export interface Backends {
  readonly servers: readonly Instance[];
  readonly notifies: readonly Instance[];
  readonly lateAnswers: LateAnswers;
}

const SERVER = 'http://server.invalid';
const NOTIFY = 'http://notify.invalid';
const TIMEOUT_MS = 6_000;
/** For how long an instance is avoided after a failure, as a load balancer does. */
export const AVOIDED_MS = 1_000;

/** An SDK client that sends each request to a random instance, except one that has just failed. */
export function hoppingClient(
  { servers, notifies, lateAnswers }: Backends,
  chance: Chance,
  onStream: (instance: number) => void = () => {},
): FechatterClient {
  const failedAtMs = new Map<Instance, number>();
  const isWell = (instance: Instance) => performance.now() - (failedAtMs.get(instance) ?? -AVOIDED_MS) >= AVOIDED_MS;
  return createFechatter({
    serverUrl: SERVER,
    notifyUrl: NOTIFY,
    timeoutMs: TIMEOUT_MS,
    inactivityMs: 20_000,
    backoff: { firstMs: 100, maxMs: 1_000 },
    fetch: async (target, init) => {
      const asked = typeof target === 'string' ? target : target instanceof URL ? target.href : target.url;
      const isNotify = asked.startsWith(NOTIFY);
      const among = isNotify ? notifies : servers;
      const well = among.filter(isWell);
      const [longestAgo] = among.toSorted((a, b) => (failedAtMs.get(a) ?? 0) - (failedAtMs.get(b) ?? 0));
      const instance = well.length > 0 || longestAgo === undefined ? chance.pick(well) : longestAgo;
      if (isNotify && asked.includes('notification.events')) onStream(among.indexOf(instance));
      const path = asked.slice((isNotify ? NOTIFY : SERVER).length);
      try {
        const answer = await fetch(`${instance.url}${path}`, init);
        if (!isNotify) await lateAnswers.hold(chance);
        if (answer.status >= 500) failedAtMs.set(instance, performance.now());
        return answer;
      } catch (error) {
        failedAtMs.set(instance, performance.now());
        throw error;
      }
    },
  });
}
