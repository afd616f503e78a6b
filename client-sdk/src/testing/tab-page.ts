import { createFechatter } from '../create-fechatter.ts';
import { localStorageStorage } from '../session/local-storage.ts';

/** What a test passes to a page. */
interface TabOptions {
  readonly serverUrl: string;
  readonly notifyUrl: string;
  readonly email: string;
  readonly password: string;
}

/** What a test reads from a page. */
export interface TabWindow {
  readonly received: readonly string[];
  readonly statuses: readonly string[];
  /** The number of its event streams. */
  readonly streams: number;
  readonly counts: { readonly duplicate: number; readonly gap: number };
}

let streams = 0;
const fetchAnything = globalThis.fetch.bind(globalThis);
globalThis.fetch = (url, init) => {
  if (init?.signal && typeof url === 'string' && url.endsWith('/notification.events')) {
    streams += 1;
    init.signal.addEventListener('abort', () => {
      streams -= 1;
    });
  }
  return fetchAnything(url, init);
};
Object.defineProperty(globalThis, 'streams', { get: () => streams });

/** Signs in, unless another tab has, and subscribes. */
async function startTab({ serverUrl, notifyUrl, email, password }: TabOptions): Promise<void> {
  const client = createFechatter({ serverUrl, notifyUrl, storage: localStorageStorage() });
  if ((await client.restore()) === null) await client.auth.signin.mutate({ email, password });
  const [received, statuses]: [string[], string[]] = [[], []];
  const subscription = client.subscribe({
    onEvent: (event) => event.kind === 'message.created' && received.push(event.message.content),
    onStatus: (status) => statuses.push(status),
  });
  Object.assign(globalThis, { received, statuses });
  Object.defineProperty(globalThis, 'counts', { get: () => subscription.counts });
}

Object.assign(globalThis, { startTab });
