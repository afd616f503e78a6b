import { createTRPCClient, httpBatchLink, splitLink, type TRPCClient } from '@trpc/client';
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
import { TransportChoice } from './events/transport-choice.ts';
import { checkedOptions, type FechatterOptions } from './fechatter-options.ts';
import type { Fetch } from './fetch-in-time.ts';
import { DeviceTokens } from './session/device-tokens.ts';
import { type SessionEnd, SessionKeeper } from './session/session-keeper.ts';
import { sessionLink } from './session/session-link.ts';
import type { SessionStorage } from './session/session-storage.ts';
import { type SignedOut, type SignOutOptions, signOut } from './session/sign-out.ts';
import { SignOuts } from './session/sign-outs.ts';
import { type TabPlatform, tabPlatform } from './tabs/tab-platform.ts';
import type { FechatterRouter, Session } from './wire.ts';
import { wireForm } from './wire-form.ts';

/** What a client has beside the procedures. */
export interface FechatterExtras {
  /** The session in force; null for someone who is not signed in. */
  readonly session: Session | null;
  /** The storage that it was made with: the outbox keeps what is not sent yet there. */
  readonly storage: SessionStorage;
  /** Takes up the session that the storage holds; returns it, or null. */
  restore(): Promise<Session | null>;
  /**
   * Ends the session on this device at once, also offline, and tells the service as soon as it can be reached. What is
   * not sent yet is kept for this person's next sign-in here and shown to nobody else, or with `unsent: 'discard'`
   * deleted. Never rejects.
   */
  signout(options?: SignOutOptions): Promise<SignedOut>;
  /** Live events, from now or from `since` on; goes on by itself after every interruption. Throws when the session ends. */
  events(options?: EventsOptions): EventStream;
  /** The same for callbacks. All listeners of a client share one connection. */
  subscribe(options: SubscribeOptions): Subscription;
  /** Calls back when a session has ended; returns a function that ends this. */
  onSessionEnded(listener: (reason: SessionEnd) => unknown): () => void;
  /** Where errors of your own callbacks go: to the option `onError`, or to the platform. */
  reportError(error: unknown): void;
}

/** Every procedure of Fechatter, in tRPC's own call style, and the session and events beside them. */
export type FechatterClient = TRPCClient<FechatterRouter> & FechatterExtras;

const BATCH_MAX = 10;
const URL_MAX_CHARS = 2_000;

/**
 * Makes a client. It signs nobody in by itself: call `auth.signin.mutate` or `restore()`; from then on every call
 * carries a fresh token. A refused call throws a `TRPCClientError` whose `data.reason` says why. Throws a
 * `FechatterOptionError` where an option is missing or cannot be right.
 */
export const createFechatter = (options: FechatterOptions): FechatterClient =>
  createFechatterOn(tabPlatform(), options);

/** The same on a platform that tabs share something on, or on one where they do not. */
export function createFechatterOn(platform: TabPlatform | undefined, options: FechatterOptions): FechatterClient {
  const { serverUrl, notifyUrl, storage, fetch, fetchInTime, report, inactivityMs, backoff } = checkedOptions(options);
  const link = linkOf(fetchInTime);

  const anonymous = createTRPCClient<FechatterRouter>({ links: [link(serverUrl, async () => ({}))] });
  const exchange = (refreshToken: string) => anonymous.auth.refresh.mutate({ refreshToken });
  const devices = new DeviceTokens(storage.items);
  const keeper = new SessionKeeper({ storage, exchange, endOf, report, onAdopted: (session) => devices.keep(session) });
  if (options.onSessionEnded) keeper.onEnd(options.onSessionEnded);
  // A page may be left right after it.
  const lasting = linkOf((url, init) => fetchInTime(url, { ...init, keepalive: true }));
  const signOuts = new SignOuts({
    items: storage.items,
    backoff,
    exchange,
    signOut: (token) =>
      createTRPCClient<FechatterRouter>({
        links: [lasting(serverUrl, async () => bearerOf(token))],
      }).auth.signout.mutate(),
  });
  const bearer = async () => bearerOf(await keeper.token());
  const trpc = createTRPCClient<FechatterRouter>({
    links: [
      sessionLink(keeper, devices, async () => (await signOut({ keeper, signOuts, storage }).catch(report))?.isTold),
      splitLink({
        condition: ({ path }) => path.startsWith('notification.'),
        true: link(notifyUrl, bearer),
        false: link(serverUrl, bearer),
      }),
    ],
  });

  const counts = { applied: 0, duplicate: 0, gap: 0, healed: 0 };
  const hub = new EventHub({
    notifyUrl,
    fetch,
    keeper,
    inactivityMs,
    backoff,
    counts,
    report,
    choice: new TransportChoice(),
    platform: options.shareStream === false ? undefined : platform,
  });
  const extras: FechatterExtras = {
    get session() {
      return keeper.current;
    },
    storage,
    async restore() {
      void signOuts.resume();
      return keeper.restore();
    },
    signout: (signOutOptions) => signOut({ keeper, signOuts, storage }, signOutOptions),
    events: (eventsOptions) => eventStream(hub, eventsOptions),
    subscribe: (subscribeOptions) => subscribeTo(hub, subscribeOptions),
    onSessionEnded: (listener) => keeper.onEnd(listener),
    reportError: report,
  };
  return withExtras(trpc, extras);
}

const bearerOf = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

const linkOf = (fetch: Fetch) => (url: string, headers: () => Promise<Record<string, string>>) =>
  httpBatchLink<FechatterRouter>({
    url: `${url}/trpc`,
    transformer: wireForm,
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
