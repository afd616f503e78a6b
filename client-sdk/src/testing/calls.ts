import { until } from '@fechatter/testing/until';

/** A fetch over the real network that counts the calls of a procedure. */
export interface Counted {
  readonly fetch: typeof globalThis.fetch;
  readonly count: number;
}

/** The same, but calls are held back until they are released. */
export interface Held extends Counted {
  waiting(count: number): Promise<unknown>;
  /** Waits until the service has responded to this many calls. */
  responded(count: number): Promise<unknown>;
  /** Releases the waiting calls and all later ones. */
  release(): void;
}

/** Calls may be batched in one request, so a name can occur several times. */
const timesIn = (url: unknown, procedure: string) => {
  const { pathname } = new URL(url instanceof Request ? url.url : String(url));
  return (pathname.split('/').at(-1) ?? '').split(',').filter((name) => name === procedure).length;
};

export function counted(procedure: string, inner?: typeof globalThis.fetch): Counted {
  const calls = held(procedure, inner);
  calls.release();
  return calls;
}

export function held(procedure: string, inner: typeof globalThis.fetch = fetch): Held {
  return holding(
    procedure,
    async (released, call) => {
      await released;
      return call();
    },
    inner,
  );
}

/** The same, but the calls reach the service at once and only their responses are held back. */
export function late(procedure: string, inner: typeof globalThis.fetch = fetch): Held {
  return holding(
    procedure,
    async (released, call) => {
      const response = await call();
      await released;
      return response;
    },
    inner,
  );
}

function holding(
  procedure: string,
  hold: (released: Promise<void>, call: () => Promise<Response>) => Promise<Response>,
  inner: typeof globalThis.fetch,
): Held {
  let count = 0;
  let responses = 0;
  let release: (() => void) | undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    async fetch(url, init) {
      const times = timesIn(url, procedure);
      count += times;
      const call = async () => {
        const response = await inner(url, init);
        responses += times;
        return response;
      };
      return times > 0 ? hold(released, call) : call();
    },
    get count() {
      return count;
    },
    waiting: (wanted) => until(() => count >= wanted, `${wanted} calls`),
    responded: (wanted) => until(() => responses >= wanted, `${wanted} responses`),
    release: () => release?.(),
  };
}
