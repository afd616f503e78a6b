import { exchange, type Exchange } from './exchange.ts';

/** The tokens that the panel keeps. */
export interface Held {
  readonly id: string;
  readonly email: string;
  readonly fullName: string;
  readonly token: string;
  readonly refreshToken: string;
  /** By this machine's clock. */
  readonly refreshAtMs: number;
}

const KEY = 'fechatter.panel.session';
const EARLY_MS = 30_000;
/** Procedures that return a session, which the panel can use as its own. */
export const sessionGivers: readonly string[] = ['auth.signup', 'auth.signin', 'auth.refresh'];

/**
 * The panel's session. It belongs to this tab alone, so that two tabs can be two people; its token is renewed before it
 * expires.
 */
export class PanelSession {
  readonly #serverUrl: string;
  readonly #listeners = new Set<(why: string | undefined) => void>();
  #held: Held | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(serverUrl: string) {
    this.#serverUrl = serverUrl;
    this.#held = stored();
  }

  get current(): Held | undefined {
    return this.#held;
  }

  /** Calls the listener at each change, with a reason if the session ended by itself. */
  onChange(listener: (why: string | undefined) => void): void {
    this.#listeners.add(listener);
  }

  /** Uses the session that signing up, signing in or refreshing returned. */
  adopt(session: unknown): void {
    const { id, email, fullName, token, refreshToken } = session as Held;
    this.#keep({ id, email, fullName, token, refreshToken, refreshAtMs: Date.now() + lifeMs(token) - EARLY_MS });
  }

  end(why?: string): void {
    if (this.#held !== undefined) this.#keep(undefined, why);
  }

  /** The token to send; undefined when no one is signed in. */
  async token(): Promise<string | undefined> {
    if (this.#held !== undefined && Date.now() > this.#held.refreshAtMs) await this.renew(this.#held.token);
    return this.#held?.token;
  }

  /** Replaces an expiring token, once for all concurrent callers. */
  async renew(stale: string): Promise<void> {
    if (this.#held?.token !== stale) return;
    this.#refreshing ??= this.#refresh(this.#held.refreshToken).finally(() => (this.#refreshing = undefined));
    await this.#refreshing;
  }

  /** Calls one of the procedures that make or end sessions. */
  call(name: `auth.${string}`, input: unknown): Promise<Exchange> {
    const procedure = { name, type: 'mutation' } as const;
    return exchange({ serviceUrl: this.#serverUrl, procedure, input, token: this.#held?.token });
  }

  async #refresh(refreshToken: string): Promise<void> {
    const { outcome, received } = await this.call('auth.refresh', { refreshToken });
    if (outcome.kind === 'result') this.adopt(outcome.value);
    else if (outcome.kind === 'refused' && (received?.status === 401 || received?.status === 403))
      this.end(outcome.refusal.message);
  }

  #keep(held: Held | undefined, why?: string): void {
    this.#held = held;
    if (held === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(held));
    for (const listener of this.#listeners) listener(why);
  }
}

/** The lifetime of a token, from its own claims: no two machines' clocks are compared. */
function lifeMs(token: string): number {
  const payload = token.split('.')[1] ?? '';
  const { exp, iat } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as {
    readonly exp: number;
    readonly iat: number;
  };
  return (exp - iat) * 1_000;
}

function stored(): Held | undefined {
  try {
    const held = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Held | null;
    return typeof held?.token === 'string' && typeof held.refreshToken === 'string' ? held : undefined;
  } catch {
    return undefined;
  }
}
