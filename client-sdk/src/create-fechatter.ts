import { createTRPCClient, splitLink, type TRPCClient } from '@trpc/client';
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
import { DeviceTokens } from './session/device-tokens.ts';
import { keySession } from './session/key-session.ts';
import { type SessionEnd, SessionKeeper } from './session/session-keeper.ts';
import { sessionLink } from './session/session-link.ts';
import type { SessionStorage } from './session/session-storage.ts';
import { endErased, type SignedOut, type SignOutOptions, signOut } from './session/sign-out.ts';
import { SignOuts } from './session/sign-outs.ts';
import { type TabPlatform, tabPlatform } from './tabs/tab-platform.ts';
import type { FechatterRouter, Session } from './wire.ts';
import { bearerOf, linkOf } from './trpc-link.ts';

/** What a client has in addition to the procedures. */
export interface FechatterExtras {
  /** The current session; null if no one is signed in. */
  readonly session: Session | null;
  /** The address of the server, without a slash at its end. */
  readonly serverUrl: string;
  /** The storage that the client was created with; the outbox also keeps unsent messages in it. */
  readonly storage: SessionStorage;
  /**
   * Takes a session that another party opened: the server of your app, with `admin.createSession`. `expiresAt` may be
   * the text that JSON makes of it. Rejects if the storage cannot keep it.
   */
  adopt(session: Omit<Session, 'expiresAt'> & { readonly expiresAt: Date | string }): Promise<void>;
  /**
   * Calls as a bot from now on, with its key instead of a session that is refreshed; the key is not stored. Rejects if the
   * key is refused: `token_invalid` if it was replaced, `scope_missing` if it may not read who it is (`workspace.read`, which
   * is part of `read`). When the key is revoked later, the session ends with `session_revoked`.
   */
  adoptKey(apiKey: string): Promise<Session>;
  /** Restores the session from the storage and returns it; null if there is none. */
  restore(): Promise<Session | null>;
  /**
   * Ends the session on this device at once, also offline, and informs the service as soon as it can be reached. Unsent
   * messages are kept for this person's next sign-in here and are not shown to other people; with `unsent: 'discard'`
   * they are deleted. Never rejects.
   */
  signout(options?: SignOutOptions): Promise<SignedOut>;
  /**
   * Live events, from now or from `since` on; reconnects automatically after an interruption. Throws when the session
   * ends.
   */
  events(options?: EventsOptions): EventStream;
  /** The same with callbacks. All listeners of a client share one connection. */
  subscribe(options: SubscribeOptions): Subscription;
  /**
   * Whose presence (at most 200 people) arrives as events of the kind `presence`: their state at once, and each change.
   * Replaces those of the call before. It continues over reconnects, and tabs that share a stream watch for all of
   * them.
   */
  watchPresence(userIds: readonly string[]): void;
  /**
   * A request to the server with the session's token, for what no procedure carries: the content of files. `path` begins with
   * `/`. It has no deadline: give it a signal. Prefer `createFiles` of `@fechatter/client/files`.
   */
  fetch(path: `/${string}`, init?: RequestInit): Promise<Response>;
  /** Calls the listener when a session has ended; returns a function that removes it. */
  onSessionEnded(listener: (reason: SessionEnd) => unknown): () => void;
  /** Reports an error of your own callbacks: to the option `onError`, or else to the platform. */
  reportError(error: unknown): void;
}

/** Every procedure of Fechatter, called in tRPC's style, with the session and events in addition. */
export type FechatterClient = TRPCClient<FechatterRouter> & FechatterExtras;

/**
 * Creates a client. It does not sign in by itself: call `auth.signin.mutate` or `restore()`; from then on every call
 * carries a fresh token. A refused call throws a `TRPCClientError` whose `data.reason` is the cause. Throws a
 * `FechatterOptionError` if an option is missing or invalid.
 */
export const createFechatter = (options: FechatterOptions): FechatterClient =>
  createFechatterOn(tabPlatform(), options);

/** The same on a given platform; undefined if tabs cannot share anything there. */
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
      sessionLink(
        keeper,
        devices,
        async () => (await signOut({ keeper, signOuts, storage }).catch(report))?.isTold,
        (userId) => endErased({ keeper, storage }, userId).catch(report),
      ),
      splitLink({
        condition: ({ path }) => /^(notification|presence|push)\./.test(path),
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
    watch: (streamId, userIds) => trpc.presence.watch.mutate({ streamId, userIds }),
    choice: new TransportChoice(),
    isGuest: async (workspaceId) => (await trpc.workspace.get.query({ workspaceId })).role === 'Guest',
    platform: options.shareStream === false ? undefined : platform,
  });
  const extras: FechatterExtras = {
    get session() {
      return keeper.current;
    },
    serverUrl,
    storage,
    adopt: (session) => keeper.adopt({ ...session, expiresAt: new Date(session.expiresAt) }),
    async adoptKey(apiKey) {
      const links = [link(serverUrl, async () => bearerOf(apiKey))];
      const session = keySession(apiKey, await createTRPCClient<FechatterRouter>({ links }).user.me.query());
      keeper.adoptKey(session);
      return session;
    },
    async restore() {
      void signOuts.resume();
      return keeper.restore();
    },
    signout: (signOutOptions) => signOut({ keeper, signOuts, storage }, signOutOptions),
    events: (eventsOptions) => eventStream(hub, eventsOptions),
    subscribe: (subscribeOptions) => subscribeTo(hub, subscribeOptions),
    watchPresence: (userIds) => hub.watch(userIds),
    async fetch(path, init = {}) {
      const headers = new Headers(init.headers);
      for (const [name, value] of Object.entries(await bearer())) headers.set(name, value);
      return fetch(`${serverUrl}${path}`, { ...init, headers });
    },
    onSessionEnded: (listener) => keeper.onEnd(listener),
    reportError: report,
  };
  return withExtras(trpc, extras);
}

/** Which refusals of a refresh end the session. */
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
