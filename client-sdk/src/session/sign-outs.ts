import { isFechatterError, reasonOf } from '../errors.ts';
import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import { inTime } from '../in-time.ts';
import { newClientId } from '../outbox/client-id.ts';
import type { Session } from '../wire.ts';
import type { ItemStorage } from './session-storage.ts';

/** A session that has ended here. The service may not know it yet. */
type Ended = Pick<Session, 'token' | 'refreshToken'>;

export interface SignOutsOptions {
  readonly items: ItemStorage | undefined;
  readonly backoff: BackoffOptions;
  /** Ends the session of this token; throws a refusal, or the network error. */
  readonly signOut: (token: string) => Promise<void>;
  readonly exchange: (refreshToken: string) => Promise<Ended>;
}

const PREFIX = 'signout.';
const PENDING_MAX = 20;
const STORAGE_MS = 5_000;

/**
 * Reports sign-outs to the service: at once or, if it cannot be reached, later, also after a restart. The tokens of an
 * ended session are kept only for that.
 */
export class SignOuts {
  readonly #options: SignOutsOptions;
  readonly #pending = new Map<string, Ended>();
  readonly #never = new AbortController();
  #reporting: Promise<void> | undefined;

  constructor(options: SignOutsOptions) {
    this.#options = options;
  }

  /** True: the service has recorded it. False: the call is repeated later. */
  async report({ token, refreshToken }: Ended): Promise<boolean> {
    const name = PREFIX + newClientId();
    this.#pending.set(name, { token, refreshToken });
    const [eldest] = this.#pending.keys();
    if (this.#pending.size > PENDING_MAX && eldest !== undefined) this.#done(eldest);
    this.#keep(name);
    const isReported = await this.#attempt(name);
    if (!isReported) void this.resume();
    return isReported;
  }

  /** Reports all sign-outs that the service has not recorded yet. */
  resume(): Promise<void> {
    this.#reporting ??= this.#reportAll().finally(() => {
      this.#reporting = undefined;
    });
    return this.#reporting;
  }

  async #reportAll(): Promise<void> {
    await inTime(this.#restore(), STORAGE_MS, 'the storage').catch(() => {});
    const backoff = new Backoff(this.#options.backoff);
    while (this.#pending.size > 0) {
      const reported = await Promise.all([...this.#pending.keys()].map((name) => this.#attempt(name)));
      if (reported.includes(false)) await backoff.pause(this.#never.signal);
    }
  }

  async #restore(): Promise<void> {
    const { items } = this.#options;
    const names = (await items?.names()) ?? [];
    for (const name of names.filter((one) => one.startsWith(PREFIX) && !this.#pending.has(one)).slice(0, PENDING_MAX)) {
      const ended = endedOf(await items?.get(name));
      if (ended === undefined) await items?.set(name, null);
      else this.#pending.set(name, ended);
    }
  }

  /** False: the service could not be reached. */
  async #attempt(name: string): Promise<boolean> {
    const ended = this.#pending.get(name);
    if (ended === undefined) return true;
    try {
      await this.#signOut(name, ended);
    } catch (error) {
      // Refused because of its tokens: the session has already ended there.
      if (!isFechatterError(error) || error.data?.code !== 'UNAUTHORIZED') return false;
    }
    this.#done(name);
    return true;
  }

  async #signOut(name: string, { token, refreshToken }: Ended): Promise<void> {
    const { signOut, exchange } = this.#options;
    try {
      await signOut(token);
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== 'token_expired' && reason !== 'token_invalid') throw error;
      const next = await exchange(refreshToken);
      this.#pending.set(name, { token: next.token, refreshToken: next.refreshToken });
      this.#keep(name);
      await signOut(next.token);
    }
  }

  #keep(name: string): void {
    this.#store(name, JSON.stringify(this.#pending.get(name)));
  }

  #done(name: string): void {
    this.#pending.delete(name);
    this.#store(name, null);
  }

  #store(name: string, value: string | null): void {
    const store = async () => this.#options.items?.set(name, value);
    store().catch(() => {});
  }
}

function endedOf(text: string | null | undefined): Ended | undefined {
  try {
    const { token, refreshToken } = JSON.parse(text ?? '') as Partial<Ended>;
    return typeof token === 'string' && typeof refreshToken === 'string' ? { token, refreshToken } : undefined;
  } catch {
    return undefined;
  }
}
