import { createFechatter, type FechatterClient } from '@fechatter/client';
import type { Chance } from '../chance.ts';
import type { Instance } from '../system/system.ts';

export interface Backends {
  readonly servers: readonly Instance[];
  readonly notifies: readonly Instance[];
}

const SERVER = 'http://server.invalid';
const NOTIFY = 'http://notify.invalid';
const TIMEOUT_MS = 6_000;

/** An SDK client whose every request goes to any of the instances. */
export function hoppingClient(
  { servers, notifies }: Backends,
  chance: Chance,
  onStream: (instance: number) => void = () => {},
): FechatterClient {
  return createFechatter({
    serverUrl: SERVER,
    notifyUrl: NOTIFY,
    timeoutMs: TIMEOUT_MS,
    inactivityMs: 20_000,
    backoff: { firstMs: 100, maxMs: 1_000 },
    fetch: (target, init) => {
      const asked = typeof target === 'string' ? target : target instanceof URL ? target.href : target.url;
      const isNotify = asked.startsWith(NOTIFY);
      const among = isNotify ? notifies : servers;
      const at = chance.below(among.length);
      if (isNotify && asked.includes('notification.events')) onStream(at);
      return fetch(`${among[at]?.url}${asked.slice((isNotify ? NOTIFY : SERVER).length)}`, init);
    },
  });
}
