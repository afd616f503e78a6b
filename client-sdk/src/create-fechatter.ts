import type { Session } from '@fechatter/contract';
import { createTRPCClient, httpBatchLink, splitLink, type TRPCClient } from '@trpc/client';
import superjson from 'superjson';
import { reasonOf } from './errors.ts';
import { type EventsOptions, type EventStream, eventStream } from './event-stream.ts';
import type { FechatterRouter } from './router.ts';
import { sessionLink } from './session-link.ts';
import { memoryStorage, SessionKeeper, type SessionStorage } from './session.ts';

export interface FechatterOptions {
  /** Where the server answers: `http://127.0.0.1:6688`. */
  readonly serverUrl: string;
  /** Where notify answers: `http://127.0.0.1:6687`. */
  readonly notifyUrl: string;
  /** Where the session is kept; in memory where nothing is said. */
  readonly storage?: SessionStorage;
  /** Instead of the platform's. It must be able to stream answers. */
  readonly fetch?: typeof globalThis.fetch;
  /** Called when the session has ended: signed out, revoked, suspended or expired. */
  readonly onSessionEnded?: () => void;
  /** How long a call may take; 30,000 ms where nothing is said. */
  readonly timeoutMs?: number;
}

/** What a client has beside the procedures. */
export interface FechatterExtras {
  /** The session in force; null for someone who is not signed in. */
  readonly session: Session | null;
  /** Takes up the session that the storage holds; answers it, or null. */
  restore(): Promise<Session | null>;
  /** Live events, from now or from `since` on; goes on by itself after every interruption. */
  events(options?: EventsOptions): EventStream;
}

/** Every procedure of Fechatter, in tRPC's own call style, and the session and events beside them. */
export type FechatterClient = TRPCClient<FechatterRouter> & FechatterExtras;

const TIMEOUT_MS = 30_000;
const BATCH_MAX = 10;

/**
 * Makes a client. It signs nobody in by itself: call `auth.signin.mutate` or `restore()`; from then on every call
 * carries a fresh token. A refused call throws a `TRPCClientError` whose `data.reason` says why.
 */
export function createFechatter(options: FechatterOptions): FechatterClient {
  const { storage = memoryStorage(), onSessionEnded = () => {}, timeoutMs = TIMEOUT_MS } = options;
  const fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  const serverUrl = options.serverUrl.replace(/\/+$/, '');
  const notifyUrl = options.notifyUrl.replace(/\/+$/, '');

  const fetchInTime = (url: RequestInfo | URL | string, init?: RequestInit) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    return fetch(url, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline });
  };
  const link = (url: string, headers: () => Promise<Record<string, string>>) =>
    httpBatchLink<FechatterRouter>({
      url: `${url}/trpc`,
      transformer: superjson,
      maxItems: BATCH_MAX,
      fetch: fetchInTime as typeof globalThis.fetch,
      headers,
    });

  const anonymous = createTRPCClient<FechatterRouter>({ links: [link(serverUrl, async () => ({}))] });
  const keeper = new SessionKeeper({
    storage,
    onSessionEnded,
    exchange: (refreshToken) => anonymous.auth.refresh.mutate({ refreshToken }),
    isFinal: (error) => ['refresh_invalid', 'session_revoked', 'account_suspended'].includes(reasonOf(error) ?? ''),
  });
  const bearer = async (): Promise<Record<string, string>> => {
    const token = await keeper.token();
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  };
  const trpc = createTRPCClient<FechatterRouter>({
    links: [
      sessionLink(keeper),
      splitLink({
        condition: ({ path }) => path.startsWith('notification.'),
        true: link(notifyUrl, bearer),
        false: link(serverUrl, bearer),
      }),
    ],
  });

  const extras: FechatterExtras = {
    get session() {
      return keeper.current;
    },
    restore: () => keeper.restore(),
    events: (eventsOptions) => eventStream({ notifyUrl, fetch, keeper }, eventsOptions),
  };
  return new Proxy(extras, {
    get: (own, name) => (name in own ? Reflect.get(own, name) : Reflect.get(trpc, name)) as unknown,
  }) as FechatterClient;
}
