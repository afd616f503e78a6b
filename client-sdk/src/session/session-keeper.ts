import { callIsolated, type ErrorReport } from '../report-error.ts';
import type { Session } from '../wire.ts';
import { GuardedStorage } from './guarded-storage.ts';
import { isOfKey } from './key-session.ts';
import type { SessionStorage } from './session-storage.ts';
import { lifeMs } from './token-claims.ts';

/** Why a session ended. */
export type SessionEnd =
  | 'signed_out'
  | 'signed_out_elsewhere'
  | 'session_revoked'
  | 'refresh_invalid'
  | 'account_suspended'
  /** The person has erased their account here. */
  | 'account_erased';

export interface SessionKeeperOptions {
  readonly storage: SessionStorage;
  /** Exchanges a refresh token; throws the server's refusal, or the network error. */
  readonly exchange: (refreshToken: string) => Promise<Session>;
  /** How the session ended, derived from an error of `exchange`; undefined: try again. */
  readonly endOf: (error: unknown) => SessionEnd | undefined;
  /** Called with each session that the server returns. */
  readonly onAdopted?: (session: Session) => void;
  /** Reports what listeners and the storage throw. */
  readonly report: ErrorReport;
}

/** `refusal` is the service's error, if there was one. */
type EndListener = (end: SessionEnd, refusal?: unknown) => unknown;

/** A token is refreshed when less than this part of its life is left. */
const REFRESH_AT = 0.2;
const USED_UP_MAX = 32;
const ASK_AGAIN_MS = 1_000;
/** If one token after the other is refused, exchanges are this far apart. */
const REFUSED_AGAIN_MS = 60_000;
/** After 1, 2, 4, 8 and 16 s: within a minute, including the time that each may take. */
const ASKS_MAX = 5;

/**
 * Holds one session and keeps its token fresh, with one refresh for all calls and tabs that need it at the same time.
 */
export class SessionKeeper {
  readonly #options: SessionKeeperOptions;
  readonly #storage: GuardedStorage;
  readonly #onEnd = new Set<EndListener>();
  #session: Session | null = null;
  /** On this machine's monotonic clock, which is never compared with the server's. */
  #refreshAtMs = 0;
  #refreshing: Promise<Session> | undefined;
  #asksLeft = ASKS_MAX;
  #takenForRefusal: string | undefined;
  #refusedUntilMs = 0;
  #stopWatching: (() => void) | undefined;
  /**
   * Refresh tokens that were used up here: a storage that holds one of them is out of date, because a save was late or
   * lost.
   */
  readonly #usedUp = new Set<string>();

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
    this.#storage = new GuardedStorage(options.storage, options.report);
  }

  get current(): Session | null {
    return this.#session;
  }

  /** Calls the listener whenever a session has ended; returns a function that removes it. */
  onEnd(listener: EndListener): () => void {
    this.#onEnd.add(listener);
    return () => this.#onEnd.delete(listener);
  }

  /** Restores the session from the storage. */
  async restore(): Promise<Session | null> {
    const stored = await this.#storage.load();
    if (stored !== null) this.#hold(stored, stored.expiresAt.getTime() - Date.now());
    return this.#session;
  }

  /** Takes over a session that the server has just returned. */
  async adopt(session: Session): Promise<void> {
    if (this.#session !== null && this.#session.id !== session.id) this.#drop('signed_out');
    this.#hold(session, lifeMs(session.token));
    this.#options.onAdopted?.(session);
    await this.#storage.save(session);
  }

  /** Takes over the session of a key, which is neither refreshed nor stored. */
  adoptKey(session: Session): void {
    if (this.#session !== null) this.#drop('signed_out');
    this.#session = session;
    this.#refreshAtMs = Number.POSITIVE_INFINITY;
  }

  async end(reason: SessionEnd, refusal?: unknown): Promise<void> {
    if (this.#session === null) return;
    const saved = isOfKey(this.#session) ? undefined : this.#storage.save(null);
    this.#drop(reason, refusal);
    await saved;
  }

  /** The token to send, refreshed if it is about to expire; undefined if no one is signed in. */
  async token(): Promise<string | undefined> {
    if (this.#session === null) return undefined;
    if (performance.now() < this.#refreshAtMs) return this.#session.token;
    try {
      return (await this.refresh(this.#session.token)).token;
    } catch (error) {
      // The network is down, and the old token may still be valid: the call itself will show.
      if (this.#session !== null) return this.#session.token;
      throw error;
    }
  }

  /** Returns a session whose token is not `staleToken`. */
  async refresh(staleToken: string): Promise<Session> {
    const session = this.#session;
    if (session === null) throw new Error('not signed in');
    if (session.token !== staleToken) return session;
    if (isOfKey(session)) return this.#endKey();
    this.#refreshing ??= this.#storage
      .exclusively(() => this.#exchange(session))
      .finally(() => {
        this.#refreshing = undefined;
      });
    return this.#refreshing;
  }

  /**
   * Returns a session with another token than this one, which a service has refused. If the previous token was refused
   * as well, only a moment ago, that service's clock or key is wrong and no other token will help: then this throws.
   */
  async refreshRefused(token: string): Promise<Session> {
    const isInVain = token === this.#takenForRefusal && performance.now() < this.#refusedUntilMs;
    if (isInVain) throw new Error('a new token is refused as well: a clock or a key of the service is wrong');
    const session = await this.refresh(token);
    this.#takenForRefusal = session.token;
    this.#refusedUntilMs = performance.now() + REFUSED_AGAIN_MS;
    return session;
  }

  /** A key that is refused was replaced, or its bot was deleted. */
  async #endKey(): Promise<never> {
    const error = new Error('the key of the bot is not valid any more');
    await this.end('session_revoked', error);
    throw error;
  }

  async #exchange(session: Session): Promise<Session> {
    const { exchange } = this.#options;
    const storage = this.#storage;
    const takeUp = (stored: Session) => {
      if (this.#session === session) this.#hold(stored, lifeMs(stored.token));
      return stored;
    };
    const stored = await storage.load();
    // Another tab was faster.
    if (stored?.id === session.id && stored.token !== session.token && this.#isAhead(stored)) return takeUp(stored);
    try {
      const next = await exchange(session.refreshToken);
      this.#useUp(session);
      const later = await storage.load();
      // This response was late: another tab has already continued from it.
      if (later?.id === session.id && later.refreshToken !== next.refreshToken && this.#isAhead(later))
        return takeUp(later);
      if (this.#session === session) await this.adopt(next);
      return next;
    } catch (error) {
      const end = this.#options.endOf(error);
      if (this.#session === session && end !== undefined) await this.end(end, error);
      else if (this.#session === session) this.#askAgain(session);
      throw error;
    }
  }

  /** Asks again even if no call needs it: the service repeats a lost response for a minute, and not after that. */
  #askAgain(session: Session): void {
    if (this.#asksLeft === 0) return;
    const pauseMs = ASK_AGAIN_MS * 2 ** (ASKS_MAX - this.#asksLeft);
    this.#asksLeft -= 1;
    const ask = () => {
      if (this.#session === session) this.refresh(session.token).catch(() => {});
    };
    const timer: unknown = setTimeout(ask, pauseMs);
    // In Node the timer must not keep the process alive.
    (timer as { unref?: () => void }).unref?.();
  }

  #isAhead({ refreshToken }: Session): boolean {
    return !this.#usedUp.has(refreshToken);
  }

  #useUp({ refreshToken }: Session): void {
    this.#usedUp.add(refreshToken);
    const [oldest] = this.#usedUp;
    if (this.#usedUp.size > USED_UP_MAX && oldest !== undefined) this.#usedUp.delete(oldest);
  }

  #hold(session: Session, lifeLeftMs: number): void {
    if (this.#session !== null && this.#session.refreshToken !== session.refreshToken) this.#useUp(this.#session);
    this.#session = session;
    this.#asksLeft = ASKS_MAX;
    this.#refreshAtMs = performance.now() + lifeLeftMs * (1 - REFRESH_AT);
    this.#stopWatching ??= this.#storage.watch((stored) => this.#follow(stored));
  }

  #drop(reason: SessionEnd, refusal?: unknown): void {
    this.#session = null;
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    for (const listener of Array.from(this.#onEnd)) callIsolated(() => listener(reason, refusal), this.#options.report);
  }

  /** A refresh here may have been saved after a sign-out in another tab. */
  async #takeBack(session: Session): Promise<void> {
    if ((await this.#storage.load())?.refreshToken === session.refreshToken) await this.#storage.save(null);
  }

  /** Follows what another tab has saved: the same person's next token, another person's session, or none. */
  #follow(stored: Session | null): void {
    if (this.#session === null) return;
    const held = this.#session;
    if (stored?.id !== held.id) {
      this.#drop('signed_out_elsewhere');
      if (stored === null) void this.#takeBack(held);
    } else if (stored.token !== this.#session.token && this.#isAhead(stored)) this.#hold(stored, lifeMs(stored.token));
  }
}
