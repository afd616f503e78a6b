import { createTRPCClient, httpBatchLink, splitLink, type TRPCClient } from '@trpc/client';
import superjson from 'superjson';
import { reasonOf } from './errors.ts';
import {
  type EventsOptions,
  type EventStream,
  eventStream,
  type SubscribeOptions,
  type Subscription,
  subscribeTo,
} from './events/events.ts';
import { EventHub } from './events/hub.ts';
import { type Fetch, fetchInTime } from './fetch-in-time.ts';
import { type SessionEnd, SessionKeeper } from './session/session-keeper.ts';
import { sessionLink } from './session/session-link.ts';
import { memoryStorage, type SessionStorage } from './session/session-storage.ts';
import type { FechatterRouter, Session } from './wire.ts';

export interface FechatterOptions {
  /** Where the server answers: `http://127.0.0.1:6688`. */
  readonly serverUrl: string;
  /** Where notify answers: `http://127.0.0.1:6687`. */
  readonly notifyUrl: string;
  /** Where the session is kept, and what is not sent yet; in memory where nothing is said. */
  readonly storage?: SessionStorage;
  /** Instead of the platform's. It must be able to stream answers (React Native: `expo/fetch`). */
  readonly fetch?: typeof globalThis.fetch;
  /** Called when the session has ended: signed out (here or in another tab), revoked, suspended or expired. */
  readonly onSessionEnded?: (reason: SessionEnd) => void;
  /** How long a call may take; 30,000 ms where nothing is said. */
  readonly timeoutMs?: number;
  /** After how long a silent event stream counts as dead; 45,000 ms, three pings, where nothing is said. */
  readonly inactivityMs?: number;
  /** The pauses between tries to reach the event stream: 250 ms, doubling up to 15,000 ms, where nothing is said. */
  readonly backoff?: { readonly firstMs: number; readonly maxMs: number };
}

/** What a client has beside the procedures. */
export interface FechatterExtras {
  /** The session in force; null for someone who is not signed in. */
  readonly session: Session | null;
  /** The storage that it was made with: the outbox keeps what is not sent yet there. */
  readonly storage: SessionStorage;
  /** Takes up the session that the storage holds; returns it, or null. */
  restore(): Promise<Session | null>;
  /** Live events, from now or from `since` on; goes on by itself after every interruption. Throws when the session ends. */
  events(options?: EventsOptions): EventStream;
  /** The same for callbacks. All listeners of a client share one connection. */
  subscribe(options: SubscribeOptions): Subscription;
  /** Calls back when a session has ended; returns a function that ends this. */
  onSessionEnded(listener: (reason: SessionEnd) => void): () => void;
}

/** Every procedure of Fechatter, in tRPC's own call style, and the session and events beside them. */
export type FechatterClient = TRPCClient<FechatterRouter> & FechatterExtras;

const TIMEOUT_MS = 30_000;
const INACTIVITY_MS = 45_000;
const BACKOFF = { firstMs: 250, maxMs: 15_000 };
const BATCH_MAX = 10;
const URL_MAX_CHARS = 2_000;

/**
 * Makes a client. It signs nobody in by itself: call `auth.signin.mutate` or `restore()`; from then on every call
 * carries a fresh token. A refused call throws a `TRPCClientError` whose `data.reason` says why.
 */
export function createFechatter(options: FechatterOptions): FechatterClient {
  const { storage = memoryStorage(), inactivityMs = INACTIVITY_MS, backoff = BACKOFF } = options;
  const fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  const notifyUrl = withoutSlash(options.notifyUrl);
  const link = linkOf(fetchInTime(fetch, options.timeoutMs ?? TIMEOUT_MS));
  const serverUrl = withoutSlash(options.serverUrl);

  const anonymous = createTRPCClient<FechatterRouter>({ links: [link(serverUrl, async () => ({}))] });
  const exchange = (refreshToken: string) => anonymous.auth.refresh.mutate({ refreshToken });
  const keeper = new SessionKeeper({ storage, exchange, endOf });
  if (options.onSessionEnded) keeper.onEnd(options.onSessionEnded);
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

  const counts = { applied: 0, duplicate: 0, gap: 0, healed: 0 };
  const hub = new EventHub({ notifyUrl, fetch, keeper, inactivityMs, backoff, counts });
  const extras: FechatterExtras = {
    get session() {
      return keeper.current;
    },
    storage,
    restore: () => keeper.restore(),
    events: (eventsOptions) => eventStream(hub, eventsOptions),
    subscribe: (subscribeOptions) => subscribeTo(hub, subscribeOptions),
    onSessionEnded: (listener) => keeper.onEnd(listener),
  };
  return withExtras(trpc, extras);
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '');

const linkOf = (fetch: Fetch) => (url: string, headers: () => Promise<Record<string, string>>) =>
  httpBatchLink<FechatterRouter>({
    url: `${url}/trpc`,
    transformer: superjson,
    maxItems: BATCH_MAX,
    maxURLLength: URL_MAX_CHARS,
    fetch,
    headers,
  });

/** With which refusals of a refresh the session is over. */
function endOf(error: unknown): SessionEnd | undefined {
  const reason = reasonOf(error);
  return reason === 'refresh_invalid' || reason === 'session_revoked' || reason === 'account_suspended'
    ? reason
    : undefined;
}

/** The extras come first: no procedure of the contract has one of their names. */
function withExtras(trpc: TRPCClient<FechatterRouter>, extras: FechatterExtras): FechatterClient {
  return new Proxy(extras, {
    get: (own, name) => (name in own ? Reflect.get(own, name) : Reflect.get(trpc, name)) as unknown,
  }) as FechatterClient;
}
