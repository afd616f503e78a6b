import type { Session } from '@fechatter/contract';

/** Where a session is kept between starts of an app. Either way may be asynchronous. */
export interface SessionStorage {
  load(): Session | null | Promise<Session | null>;
  save(session: Session | null): void | Promise<void>;
}

/** Keeps the session as long as the page or process lives. */
export function memoryStorage(): SessionStorage {
  let kept: Session | null = null;
  return {
    load: () => kept,
    save(session) {
      kept = session;
    },
  };
}

export interface SessionKeeperOptions {
  readonly storage: SessionStorage;
  /** Exchanges a refresh token; throws what the server answered, or the network's error. */
  readonly exchange: (refreshToken: string) => Promise<Session>;
  /** Whether what `exchange` threw means that this session is over. */
  readonly isFinal: (error: unknown) => boolean;
  readonly onSessionEnded: () => void;
}

/** Refreshed when less than this part of its life is left. */
const REFRESH_AT = 0.2;

/** Holds one session and keeps its token fresh: once for any number of calls that need it at the same time. */
export class SessionKeeper {
  readonly #options: SessionKeeperOptions;
  #session: Session | null = null;
  /** On this machine's monotonic clock: no rule compares it with the server's. */
  #refreshAtMs = 0;
  #refreshing: Promise<Session> | undefined;

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
  }

  get current(): Session | null {
    return this.#session;
  }

  /** Takes up what the storage holds. Answers whether there was a session. */
  async restore(): Promise<Session | null> {
    this.#session = await this.#options.storage.load();
    this.#refreshAtMs = 0;
    return this.#session;
  }

  async adopt(session: Session): Promise<void> {
    this.#session = session;
    this.#refreshAtMs = performance.now() + lifeMs(session.token) * (1 - REFRESH_AT);
    await this.#options.storage.save(session);
  }

  async end(): Promise<void> {
    if (this.#session === null) return;
    this.#session = null;
    await this.#options.storage.save(null);
    this.#options.onSessionEnded();
  }

  /** The token to send, refreshed if it is about to expire; undefined for someone who is not signed in. */
  async token(): Promise<string | undefined> {
    if (this.#session === null) return undefined;
    if (performance.now() < this.#refreshAtMs) return this.#session.token;
    try {
      return (await this.refresh(this.#session.token)).token;
    } catch (error) {
      // The network is away and the old token may still be good: the call itself will tell.
      if (this.#session !== null && !this.#options.isFinal(error)) return this.#session.token;
      throw error;
    }
  }

  /** A session whose token is not `staleToken`. */
  async refresh(staleToken: string): Promise<Session> {
    const session = this.#session;
    if (session === null) throw new Error('not signed in');
    if (session.token !== staleToken) return session;
    this.#refreshing ??= this.#exchange(session).finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #exchange(session: Session): Promise<Session> {
    try {
      const next = await this.#options.exchange(session.refreshToken);
      if (this.#session === session) await this.adopt(next);
      return next;
    } catch (error) {
      if (this.#session === session && this.#options.isFinal(error)) await this.end();
      throw error;
    }
  }
}

function lifeMs(token: string): number {
  try {
    const payload = token.split('.')[1] ?? '';
    const { iat, exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, number>;
    return iat !== undefined && exp !== undefined ? (exp - iat) * 1_000 : 0;
  } catch {
    return 0;
  }
}
